import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patienceMs, within } from './patience.ts';

const serverFile = fileURLToPath(new URL('../../apps/api/src/server.ts', import.meta.url));
/** Compiled code of earlier starts: every worker starts the same server. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/granary/compiled', import.meta.url));

export type GranaryServer = {
  url: string;
  /** The one-time link that makes the first admin. */
  setupLink: string;
  output(): string;
  stop(): Promise<void>;
};

/** Starts the real server on a free port and a new data folder, the way `npm start` does once everything is built. */
export async function startServer(env: Record<string, string> = {}, args: string[] = []): Promise<GranaryServer> {
  const folder = await mkdtemp(join(tmpdir(), 'granary-e2e-'));
  const child = spawn(process.execPath, [serverFile, '--port', '0', '--data', folder, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, RATE_LIMIT_FACTOR: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  try {
    await waitFor(
      child,
      () => /Stop with Ctrl-C/.test(output),
      () => output,
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const url = /Granary is ready:\s+(http\S+)/.exec(output)?.[1] ?? '';
  const setupLink = /(http\S+\/setup#token=\S+)/.exec(output)?.[1] ?? '';
  return {
    url,
    setupLink,
    output: () => output,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await within('the server to end', ended).finally(() => child.kill('SIGKILL'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitFor(child: ChildProcess, ready: () => boolean, output: () => string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!ready()) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`The server was not ready in ${patienceMs / 1000} s:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

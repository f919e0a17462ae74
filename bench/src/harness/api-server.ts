import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Lifetime } from './lifetime.ts';
import { benchSessionSecret } from './population.ts';

const serverFile = fileURLToPath(new URL('../../../apps/api/src/server.ts', import.meta.url));
const startTimeoutMs = 120_000;

export type ApiServer = {
  url: string;
  /** Greatest resident memory of the process so far, MB; null where the system does not tell. */
  peakMb(): number | null;
  stop(): Promise<void>;
};

type ServerOptions = {
  /** Without it, the embedded database in `folder` is used. */
  databaseUrl?: string;
  /** Data folder; without it, a new one. It is removed at the end. */
  folder?: string;
  env?: Record<string, string>;
  profile?: string | undefined;
};

/** Starts the real server as a process of its own on a free port of loopback; it ends with the benchmark at the latest. */
export async function startApiServer(lifetime: Lifetime, options: ServerOptions): Promise<ApiServer> {
  const { databaseUrl, env = {}, profile } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'granary-bench-')));
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...nodeArgs, serverFile, '--port', '0', '--host', '127.0.0.1', '--data', folder], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl ?? '',
      WORKER: '0',
      RATE_LIMIT_FACTOR: '0',
      SESSION_SECRET: benchSessionSecret,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C in the terminal is for the benchmark, which then ends the server itself.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    await endProcess(child);
    await rm(folder, { recursive: true, force: true });
  };
  lifetime.defer(stop);
  const url = await addressOf(child, () => output);
  return { url, peakMb: () => peakMegabytes(child.pid), stop };
}

async function addressOf(child: ChildProcess, output: () => string): Promise<string> {
  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}:\n${output()}`);
    const url = /Granary is ready:\s+(http\S+)/.exec(output())?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The server was not ready in ${startTimeoutMs / 1000} s:\n${output()}`);
}

/** Asks a process to end, and makes it end when it does not. Safe to call on one that has ended. */
export async function endProcess(child: ChildProcess, patienceMs = 15_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await ended;
  clearTimeout(timer);
}

/** The kernel keeps the peak itself (Linux); null elsewhere and after the end of the process. */
export function peakMegabytes(pid: number | undefined): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

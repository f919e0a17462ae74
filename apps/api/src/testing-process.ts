import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const serverFile = fileURLToPath(new URL('server.ts', import.meta.url));

export type ServerProcess = { child: ChildProcess; url: string };

/** A process of its own on the same database and folder every time, as an operator would start it again. For tests that kill it. */
export async function startServerProcess({
  databaseUrl,
  folder,
  env = {},
  startTimeoutMs = 60_000,
}: {
  databaseUrl: string | undefined;
  folder: string;
  /** Further settings. */
  env?: Record<string, string>;
  startTimeoutMs?: number;
}): Promise<ServerProcess> {
  // The ready line then names an address that need not lead here; the log has the one that is listened at.
  const readyLineIsPublic = env['PUBLIC_URL'] !== undefined;
  const child = spawn(process.execPath, [serverFile, '--port', '0', '--data', folder], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl ?? '',
      RATE_LIMIT_FACTOR: '0',
      LOG_LEVEL: readyLineIsPublic ? 'info' : 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await sleep(20)) {
    const ready = /Granary is ready:\s+(http\S+)/.exec(output)?.[1];
    const url = readyLineIsPublic ? /Server listening at (http[^"]+)/.exec(output)?.[1] : ready;
    if (ready !== undefined && url !== undefined) return { child, url };
    if (child.exitCode !== null) break;
  }
  child.kill('SIGKILL');
  throw new Error(`The server did not start:\n${output}`);
}

/** Ends a process as a power cut would. */
export async function killServerProcess({ child }: ServerProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

export type Run = { code: number | null; stdout: string; stderr: string };

/** Runs one of the project's programs until it ends, or until `until` shows in what it says to the terminal, and ends it then. */
export async function runProgram(
  file: string,
  { args = [], env = {}, until }: { args?: string[]; env?: NodeJS.ProcessEnv; until?: RegExp },
): Promise<Run> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    env: { ...process.env, DATABASE_URL: '', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
    // Once only: a second signal ends a process that is stopping at once.
    if (!child.killed && until?.test(output.stderr)) child.kill('SIGTERM');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

const commandFile = fileURLToPath(new URL('cli.ts', import.meta.url));

/** Of the tests' own environment a command gets nothing but where programs and compiled modules are. */
function commandEnvironment(env: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }), ...env };
}

/** Starts the command line as a shell does, for tests that end it. */
export function startCommand(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [commandFile, ...args], { env: commandEnvironment(env), stdio: 'ignore' });
}

/** Runs the command line as a shell does, until it ends. */
export async function runCommand(args: string[], env: Record<string, string>): Promise<Run> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [commandFile, ...args], { env: commandEnvironment(env) });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Run;
    return { code, stdout, stderr };
  }
}

// `npm run bench -- start`: seconds from `npm start` to the first served page, on an installed clone that was never
// started (the page is built, a new data folder is made), and again on the same folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endProcess, peakMegabytes } from './harness/api-server.ts';
import { runBench, type Lifetime } from './harness/lifetime.ts';
import { printResult, round, say } from './harness/report.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const timeoutMs = 300_000;
const pollMs = 20;

/** What a start makes, and what is no part of a clone. */
const made = new Set([
  '.git',
  'data',
  'node_modules/.cache',
  'apps/web/dist',
  'packages/db/src/generated',
  '.turbo',
  'test-results',
  'coverage',
]);

/** A copy of this tree as it is after `npm ci` and before the first start. */
async function copyClone(lifetime: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'granary-bench-start-'));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
  cpSync(root, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !made.has(relative(root, source).split(sep).join('/')) && basename(source) !== '.turbo',
  });
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

type Start = { seconds: number; healthySeconds: number; peakMb: number | null };

async function measureStart(lifetime: Lifetime, clone: string, dataDir: string): Promise<Start> {
  const port = await freePort();
  const { DATABASE_URL: _, ...env } = process.env;
  const began = performance.now();
  const npm = spawn('npm', ['start', '--', '--port', String(port), '--data', dataDir], {
    cwd: clone,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  lifetime.defer(() => endGroup(npm));
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const answered = async (path: string, isRight: (reply: Response) => Promise<boolean>) => {
    for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(pollMs)) {
      if (npm.exitCode !== null) throw new Error(`npm start ended with code ${npm.exitCode}:\n${output}`);
      const reply = await fetch(`${url}${path}`).catch(() => undefined);
      if (reply && (await isRight(reply))) return (performance.now() - began) / 1000;
    }
    throw new Error(`No answer in ${timeoutMs / 1000} s:\n${output}`);
  };
  const seconds = await answered('/', async (reply) => reply.status === 200 && (await reply.text()).includes('<script'));
  const healthySeconds = await answered('/api/health', async (reply) => reply.status === 200);
  const peakMb = Math.max(...processGroup(npm).map((pid) => peakMegabytes(pid) ?? 0)) || null;
  await endGroup(npm);
  return { seconds, healthySeconds, peakMb };
}

/** The processes that npm became or started (Linux); elsewhere only npm itself. */
function processGroup({ pid }: ChildProcess): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((candidate) => groupOf(candidate) === pid);
  } catch {
    return pid === undefined ? [] : [pid];
  }
}

function groupOf(pid: number): number | undefined {
  try {
    // After the command's name in brackets: state, parent, group.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[2]);
  } catch {
    return undefined;
  }
}

/** A Ctrl-C as the terminal gives it: to npm and to all that it started. */
async function endGroup(npm: ChildProcess): Promise<void> {
  if (npm.exitCode !== null || npm.signalCode !== null || npm.pid === undefined) return;
  const ended = new Promise((resolve) => npm.once('close', resolve));
  try {
    process.kill(-npm.pid, 'SIGINT');
  } catch {
    await endProcess(npm);
  }
  const patience = setTimeout(() => {
    try {
      process.kill(-(npm.pid as number), 'SIGKILL');
    } catch {}
  }, 20_000);
  await ended;
  clearTimeout(patience);
}

await runBench(async (lifetime) => {
  say('Copying the installed tree …');
  const clone = await copyClone(lifetime);
  const data = await mkdtemp(join(tmpdir(), 'granary-bench-data-'));
  lifetime.defer(() => rm(data, { recursive: true, force: true }));
  const show = (title: string, { seconds, peakMb }: Start) => say(`  ${title}: ${round(seconds, 2)} s to the first page; ${peakMb} MB`);
  const first = await measureStart(lifetime, clone, data);
  show('first start, page and database are made', first);
  const second = await measureStart(lifetime, clone, data);
  show('second start', second);
  const fresh = await mkdtemp(join(tmpdir(), 'granary-bench-data-'));
  lifetime.defer(() => rm(fresh, { recursive: true, force: true }));
  const newFolder = await measureStart(lifetime, clone, fresh);
  show('built clone, new data folder', newFolder);
  printResult({
    name: 'start',
    size: 0,
    firstSeconds: round(first.seconds, 2),
    secondSeconds: round(second.seconds, 2),
    newFolderSeconds: round(newFolder.seconds, 2),
    peakMb: Math.max(first.peakMb ?? 0, second.peakMb ?? 0, newFolder.peakMb ?? 0) || null,
  });
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess, peakMegabytes } from './api-server.ts';
import type { Lifetime } from './lifetime.ts';
import { benchSessionSecret } from './population.ts';
import type { RenderCommand, RenderReply } from './snapshot-server.ts';

const serverFile = fileURLToPath(new URL('snapshot-server.ts', import.meta.url));
type Rendered = Extract<RenderReply, { kind: 'rendered' }> & { path: string };

/** Starts the server that renders on demand; it ends with the benchmark at the latest. */
export async function startSnapshotProcess(lifetime: Lifetime, databaseUrl: string, profile: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'granary-bench-snapshot-'));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
  const child = fork(serverFile, ['--data', folder], {
    execArgv: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      WORKER: '0',
      RATE_LIMIT_FACTOR: '0',
      SESSION_SECRET: benchSessionSecret,
      LOG_LEVEL: 'warn',
    },
    detached: true,
  });
  lifetime.defer(() => endProcess(child));
  const next = async (): Promise<RenderReply> => {
    const listening = new AbortController();
    const { signal } = listening;
    const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('The server has ended')));
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [RenderReply];
    listening.abort();
    ended.catch(() => {});
    if (message.kind === 'failed') throw new Error(message.message);
    return message;
  };
  const send = (command: RenderCommand) => void child.send(command);
  const ready = await next();
  if (ready.kind !== 'ready') throw new Error('The server did not start');
  return {
    url: ready.url,
    /** Renders the full record to local storage. */
    async render(snapshotId: string, encoding: string): Promise<Rendered> {
      send({ kind: 'render', snapshotId, encoding });
      const done = await next();
      if (done.kind !== 'rendered') throw new Error(`The server answered ${done.kind}`);
      return { ...done, path: join(folder, 'files', done.key) };
    },
    /** Renders again and again until `work` is done, and then breaks off. */
    async renderWhile<T>(snapshotId: string, encoding: string, work: () => Promise<T>): Promise<T> {
      let over = false;
      const rendering = (async () => {
        while (!over) {
          send({ kind: 'render', snapshotId, encoding });
          await next();
        }
      })();
      const result = await work();
      over = true;
      send({ kind: 'stop' });
      await rendering;
      return result;
    },
    residentMb: () => Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024),
    /** Begins the peak anew (Linux). */
    forgetPeak: () => writeFileSync(`/proc/${child.pid}/clear_refs`, '5'),
    peakMb: () => peakMegabytes(child.pid) ?? Number.NaN,
    stop: () => endProcess(child),
  };
}

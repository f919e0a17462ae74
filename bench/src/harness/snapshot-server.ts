// The real server as a process of its own that also renders files of a pinned snapshot when it is told to: what the worker does in
// a build, one file at a time, so that each can be measured.
import type { AddressInfo } from 'node:net';
import {
  buildApp,
  closeDependencies,
  createBuildRepository,
  createProcessLog,
  createRenderer,
  createServices,
  openDependencies,
  readConfig,
  stopOnSignals,
} from '@granary/api/measured';
import { allPairs } from '@granary/corpus';

export type RenderCommand = { kind: 'render'; snapshotId: string; encoding: string } | { kind: 'stop' };
export type RenderReply =
  | { kind: 'ready'; url: string }
  | { kind: 'rendered'; seconds: number; rows: number; bytes: number; key: string }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string };

const deps = await openDependencies(readConfig(process.argv.slice(2), process.env), createProcessLog());
const services = createServices(deps);
const app = await buildApp(deps, services);
const repository = createBuildRepository(deps.db);
const renderer = createRenderer({
  databaseUrl: deps.db.url,
  pairsPage: repository.pairsPage,
  most: 1,
  underWay: services.requestsUnderWay,
});
let stopping = new AbortController();

async function render(snapshotId: string, encoding: string): Promise<RenderReply> {
  const began = performance.now();
  const ratingDimensions = await repository.ratingDimensions(snapshotId);
  const source = { snapshotId, split: null, preferences: await repository.hasPreferences(snapshotId) };
  const task = { source, format: 'full', options: {}, encoding, ratingDimensions, filter: allPairs, summarise: true };
  const total = { rows: 0, bytes: 0 };
  const key = `bench/full.${encoding}`;
  for await (const file of renderer.render(task, { signal: stopping.signal }).files) {
    total.bytes += (await deps.storage.put(key, file.content)).bytes;
    total.rows += file.encoded().rows;
  }
  return { kind: 'rendered', seconds: (performance.now() - began) / 1000, ...total, key };
}

const reply = (message: RenderReply) => void process.send?.(message);
process.on('message', (command: RenderCommand) => {
  if (command.kind === 'stop') return stopping.abort(new Error('stopped'));
  stopping = new AbortController();
  const { signal } = stopping;
  render(command.snapshotId, command.encoding).then(reply, (error: Error) =>
    reply(signal.aborted ? { kind: 'stopped' } : { kind: 'failed', message: error.stack ?? error.message }),
  );
});
stopOnSignals(async () => {
  await app.close();
  await closeDependencies(deps);
});
await app.listen({ port: 0, host: '127.0.0.1' });
reply({ kind: 'ready', url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` });

// A thread that makes files of pinned pairs: everything that takes time, so that the process goes on answering.
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { SnapshotRecord } from '@granary/contract';
import { createPairFilter, createSummary, encodings, formats, renderFiles } from '@granary/corpus';
import type { RenderWish } from '@granary/corpus';
import { copyRows } from '@granary/db/copy-out';
import { createGiveWay } from '../../jobs/give-way.ts';
import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import { decodePairs, pinnedKinds, pinnedPairsQuery, readConversations, toPair } from './pinned-pairs.ts';
import type { PinnedPairs } from './pinned-pairs.ts';
import { creditBytes } from './render-task.ts';
import type { FromThread, RenderOutcome, RenderTask, ToThread } from './render-task.ts';

const progressEveryMs = 100;
/** Requests come first. On Linux this is the thread's own priority; elsewhere it would be the whole process's. */
if (process.platform === 'linux') setPriority(10);

const port = parentPort;
if (port === null) throw new Error('This file is the work of a thread');

const inbox = createInbox();
port.on('message', (message: ToThread) => {
  if (message.kind === 'task') void run(message.task, message.databaseUrl);
  else inbox.take(message);
});
const giveWay = createGiveWay(workerData as RequestsUnderWay);
const send = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

async function run(task: RenderTask, databaseUrl: string | null): Promise<void> {
  try {
    inbox.reset();
    send({ kind: 'done', outcome: await render(task, databaseUrl) });
  } catch (error) {
    send({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
  }
}

async function render(task: RenderTask, databaseUrl: string | null): Promise<RenderOutcome> {
  const summary = task.summarise ? createSummary() : null;
  let pairs = 0;
  let toldAt = 0;
  const batches = databaseUrl === null ? inbox.pages() : copiedPairs(databaseUrl, task.source);
  const conversations = readConversations(batches, (batch) => {
    giveWay();
    summary?.add(batch);
    pairs += batch.length;
    if (performance.now() - toldAt < progressEveryMs) return;
    toldAt = performance.now();
    send({ kind: 'progress', pairs });
  });
  for await (const { content, encoded } of renderFiles(conversations, wishOf(task))) {
    send({ kind: 'file' });
    for await (const bytes of content) {
      await inbox.spend(bytes.length);
      send({ kind: 'chunk', bytes }, [bytes.buffer]);
    }
    send({ kind: 'file-end', encoded: encoded() });
  }
  return { pairs, summary: summary?.result() ?? null };
}

async function* copiedPairs(databaseUrl: string, source: PinnedPairs): AsyncGenerator<SnapshotRecord[]> {
  for await (const rows of copyRows(databaseUrl, pinnedPairsQuery(source), pinnedKinds)) yield rows.map(toPair);
}

function wishOf({ format, encoding, options, ratingDimensions, filter, maxRows, maxFileBytes, evenEmpty = false }: RenderTask): RenderWish {
  return {
    format: named(formats, format),
    encoding: named(encodings, encoding),
    options,
    shape: { ratingDimensions },
    wanted: createPairFilter(filter),
    maxRows,
    maxFileBytes,
    evenEmpty,
  };
}

function named<T extends { name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

/** What the thread is waiting for: pages to read, and leave to send. */
function createInbox() {
  let credit = creditBytes;
  let onCredit: (() => void) | undefined;
  let onPage: ((pairs: string[]) => void) | undefined;
  return {
    reset() {
      credit = creditBytes;
    },
    take(message: Exclude<ToThread, { kind: 'task' }>) {
      if (message.kind === 'page') return onPage?.(message.pairs);
      credit += message.bytes;
      onCredit?.();
    },
    async spend(bytes: number): Promise<void> {
      while (credit <= 0) await new Promise<void>((resolve) => (onCredit = resolve));
      credit -= bytes;
    },
    async *pages(): AsyncGenerator<SnapshotRecord[]> {
      for (;;) {
        const page = new Promise<string[]>((resolve) => (onPage = resolve));
        send({ kind: 'page-wanted' });
        const pairs = await page;
        if (pairs.length === 0) return;
        yield decodePairs(pairs);
      }
    },
  };
}

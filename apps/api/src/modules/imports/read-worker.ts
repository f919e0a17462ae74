// A thread that reads files of strangers: whatever is in them, the process goes on answering.
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { detectFile, mappingFor, readRows, UnreadableFileError } from '@granary/corpus';
import { createGiveWay } from '../../jobs/give-way.ts';
import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import { prepareRow } from './prepare-row.ts';
import type { PreparedRow } from './prepare-row.ts';
import { previewFile } from './preview.ts';
import { messageWeightMax, rowCreditWeight, weightOf } from './read-task.ts';
import type { FromThread, ReadTask, ToThread } from './read-task.ts';

/** Requests come first. On Linux this is the thread's own priority; elsewhere it would be the whole process's. */
if (process.platform === 'linux') setPriority(10);

const port = parentPort;
if (port === null) throw new Error('This file is the work of a thread');

const send = (message: FromThread) => port.postMessage(message, []);
const source = createSource();
const outbox = createOutbox();
const giveWay = createGiveWay(workerData as RequestsUnderWay);
port.on('message', (message: ToThread) => {
  if (message.kind === 'task') void run(message.task);
  else if (message.kind === 'credit') outbox.addCredit(message.weight);
  else source.take(message);
});

async function run(task: ReadTask): Promise<void> {
  outbox.reset();
  try {
    const preview = task.kind === 'preview' ? await previewFile(source.open, task.ground, task.rules ?? undefined) : null;
    if (task.kind === 'rows') await readAll(task);
    send({ kind: 'done', preview });
  } catch (error) {
    if (error instanceof UnreadableFileError) send({ kind: 'unreadable', message: error.message });
    else send({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
  }
}

async function readAll({ rules: given, ground, afterLine }: Extract<ReadTask, { kind: 'rows' }>): Promise<void> {
  const { container, columns } = await detectFile(source.open);
  const rules = { ...given, mapping: mappingFor(given.format, columns, given.mapping) };
  for await (const read of readRows(source.open, { container, afterLine })) {
    giveWay();
    await outbox.add(prepareRow(read, rules, ground));
  }
  await outbox.flush();
}

/** The file as it arrives; each opening begins it anew and ends the one before. */
function createSource() {
  let opening = 0;
  let chunks: Uint8Array[] = [];
  let ended = false;
  let wake: (() => void) | undefined;

  async function* read(own: number): AsyncGenerator<Uint8Array> {
    while (own === opening) {
      const bytes = chunks.shift();
      if (bytes !== undefined) {
        yield bytes;
        send({ kind: 'taken', opening: own, bytes: bytes.length });
        giveWay();
      } else if (ended) return;
      else {
        // Nobody should wait for rows that are here already.
        outbox.sendNow();
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  }
  return {
    async open(): Promise<AsyncIterable<Uint8Array>> {
      opening += 1;
      chunks = [];
      ended = false;
      wake?.();
      send({ kind: 'open', opening });
      return read(opening);
    },
    take(message: Extract<ToThread, { opening: number }>) {
      if (message.opening !== opening) return;
      if (message.kind === 'bytes') chunks.push(message.bytes);
      else ended = true;
      wake?.();
    },
  };
}

/** Gathers rows into messages and waits when too much is on its way. */
function createOutbox() {
  let rows: PreparedRow[] = [];
  let weight = 0;
  let credit = rowCreditWeight;
  let onCredit: (() => void) | undefined;

  function sendNow(): void {
    if (rows.length === 0 || credit <= 0) return;
    credit -= weight;
    send({ kind: 'rows', rows, weight });
    rows = [];
    weight = 0;
  }
  async function flush(): Promise<void> {
    while (credit <= 0) await new Promise<void>((resolve) => (onCredit = resolve));
    sendNow();
  }
  return {
    reset() {
      rows = [];
      weight = 0;
      credit = rowCreditWeight;
    },
    addCredit(more: number) {
      credit += more;
      onCredit?.();
    },
    async add(row: PreparedRow): Promise<void> {
      rows.push(row);
      weight += weightOf(row);
      if (weight >= messageWeightMax) await flush();
    },
    flush,
    /** Sends what is there, unless too much is on its way. */
    sendNow,
  };
}

import { Readable } from 'node:stream';
import { UnreadableFileError } from '@granary/corpus';
import { expect, test } from 'vitest';
import { noRequests } from '../../jobs/give-way.ts';
import { ThreadDiedError } from '../../jobs/thread.ts';
import { createFileReader } from './file-reader.ts';
import type { PreparedRow } from './prepare-row.ts';

const ground = { categories: new Map([['open_qa', crypto.randomUUID()]]), languages: ['en'], normalisations: [] };
const rules = { format: 'dolly' as const, mapping: null, defaultCategory: 'open_qa', defaultLanguage: 'en' };
const task = { ground, rules, afterLine: 0 };
const row = (number: number) => `${JSON.stringify({ instruction: `What is number ${number}?`, response: `It is ${number}.` })}\n`;
const underWay = noRequests();
const never = new AbortController().signal;
const open = async () => Readable.from([Buffer.from(row(1))]);

async function lines(steps: AsyncIterable<PreparedRow[]>): Promise<number[]> {
  const found: number[] = [];
  for await (const rows of steps) found.push(...rows.map(({ line }) => line));
  return found;
}

test('reads rows behind a line, in order, however slowly they are taken', async () => {
  const reader = createFileReader({ underWay });
  const count = 5_000;
  const content = Array.from({ length: count }, (_, index) => row(index + 1)).join('');
  const many = async () => Readable.from([Buffer.from(content)]);
  expect(await lines(reader.rows(many, task, never))).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  // The thread is used again.
  expect(await lines(reader.rows(many, { ...task, afterLine: count - 2 }, never))).toEqual([count - 1, count]);
});

test('gives what storage throws', async () => {
  const reader = createFileReader({ underWay });
  const failing = async () => Promise.reject(new Error('the bucket is away'));
  await expect(lines(reader.rows(failing, task, never))).rejects.toThrow('the bucket is away');
});

test('a thread that makes no progress dies, and a preview says so', async () => {
  // Starting the thread alone takes longer.
  const hasty = createFileReader({ underWay, stuckMs: 1 });
  await expect(lines(hasty.rows(open, task, never))).rejects.toThrow(ThreadDiedError);
  const unreadable = hasty.preview(open, { ground, rules });
  await expect(unreadable).rejects.toThrow(UnreadableFileError);
  await expect(unreadable).rejects.toThrow('no progress for 1 s');
});

test('stopping ends the thread and closes the file, also while no row comes', async () => {
  const reader = createFileReader({ underWay });
  const stop = new AbortController();
  let files = 0;
  const closed = Promise.withResolvers<void>();
  const endless = async () => {
    files += 1;
    if (files < 3) return open();
    const file = Readable.from(
      (function* () {
        // Blank lines only, until somebody stops it.
        for (;;) {
          yield Buffer.alloc(1_024, '\n');
          stop.abort(new Error('stopped'));
        }
      })(),
    );
    return file.once('close', () => closed.resolve());
  };
  await expect(lines(reader.rows(endless, task, stop.signal))).rejects.toThrow('stopped');
  await closed.promise;
  expect(files).toBe(3);
});

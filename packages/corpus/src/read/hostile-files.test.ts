import { gzipSync } from 'node:zlib';
import { limits } from '@granary/contract';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectFile } from './detect.ts';
import { readRows } from './read-rows.ts';
import type { ReadOptions } from './read-rows.ts';
import type { Row } from './row.ts';
import { createLineSplitter } from './split-lines.ts';

const csv = { container: 'csv' } as const;
const jsonl = { container: 'jsonl' } as const;

/** A file that counts how often it is opened and how many bytes are taken of it. */
function createFile(content: string | Buffer, chunkSize = 65_536) {
  const bytes = Buffer.from(content);
  const work = { opened: 0, bytes: 0 };
  return {
    size: bytes.length,
    work,
    async open() {
      work.opened += 1;
      async function* read() {
        for (let at = 0; at < bytes.length; at += chunkSize) {
          const chunk = bytes.subarray(at, at + chunkSize);
          work.bytes += chunk.length;
          yield chunk;
        }
      }
      return read();
    },
  };
}
async function readAll(file: Pick<ReturnType<typeof createFile>, 'open'>, options: ReadOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(file.open, options)) rows.push(row);
  return rows;
}
const read = (content: string | Buffer, options: ReadOptions, chunkSize?: number) => readAll(createFile(content, chunkSize), options);
const seen = (rows: Row[]) => rows.map((row) => [row.line, row.record ?? [row.issue?.field, row.issue?.message]]);

describe('a quote that is closed too late', () => {
  const words = 1_048_576;
  const file = createFile(`instruction,response\nA row?,Yes.\nA long cell?,"${'word\n'.repeat(words)}"\nLast?,Yes.\n`);

  test('costs one row, and every byte is read once', async () => {
    expect(seen(await readAll(file, csv))).toEqual([
      [2, { instruction: 'A row?', response: 'Yes.' }],
      [
        3,
        [
          'response',
          `The cell is larger than 1 MiB, the limit for a cell. It ends on line ${words + 3}, and nothing up to there was taken: if a quote is missing, add it, else shorten the cell`,
        ],
      ],
      [words + 4, { instruction: 'Last?', response: 'Yes.' }],
    ]);
    // The separator is found in the first chunk.
    expect(file.work).toEqual({ opened: 2, bytes: file.size + 65_536 });
  });
});

describe('quotes that are never closed', () => {
  // In a quoted cell, each of these lines closes the quote and opens it again.
  const line = 'a"b,"c\n';

  test('cost their own lines, and no byte is read more than twice', async () => {
    const lines = 50_000;
    const file = createFile(`x,y\n1,2\n${line.repeat(lines)}3,4\n`);
    const rows = await readAll(file, csv);
    expect(rows.length).toBe(lines + 2);
    expect(rows.filter(({ issue }) => issue?.message.startsWith('A quote is opened on this line and never closed')).length).toBe(lines);
    expect([rows[0]?.record, rows.at(-1)?.record]).toEqual([
      { x: '1', y: '2' },
      { x: '3', y: '4' },
    ]);
    expect(file.work).toEqual({ opened: 3, bytes: 2 * file.size + 65_536 });
  });

  test('in a header refuse the file', async () => {
    await expect(read('x,"y\n1,2\n', csv)).rejects.toThrow('The header line (line 1) cannot be read. A quote is opened');
  });
});

describe('limits name themselves, the line, and what to do', () => {
  const small = { lineMax: 40, cellMax: 10, columnsMax: 3, depthMax: 3 };

  test.each([1, 3, 64])('of cells and rows of a CSV file, in chunks of %d bytes', async (chunkSize) => {
    const long = 'x'.repeat(13);
    const rows = `a,b\n${long},1\n1,${long}\n"${long}",1\n1,"x\n${long}"\n${'1234567,'.repeat(6)}\n2,${'x'.repeat(10)}\n`;
    const cell = (field: string) => [field, 'The cell is larger than 10 bytes, the limit for a cell: shorten the cell'];
    expect(seen(await read(rows, { ...csv, ...small }, chunkSize))).toEqual([
      [2, cell('a')],
      [3, cell('b')],
      [4, cell('a')],
      [5, ['b', expect.stringContaining('It ends on line 6, and nothing up to there was taken')]],
      [7, [null, 'The row is longer than 40 bytes, the limit for a row: shorten the row']],
      [8, { a: '2', b: 'x'.repeat(10) }],
    ]);
  });

  test('of lines of a JSON Lines file', async () => {
    const rows = await read(`{"a":"${'x'.repeat(40)}"}\n{"a":1}`, { ...jsonl, ...small });
    expect(seen(rows)).toEqual([
      [1, [null, 'The line is longer than 40 bytes, the limit for a line: split it into several rows']],
      [2, { a: 1 }],
    ]);
  });

  test('of objects and lists within each other, but not of brackets in texts', async () => {
    const deep = `{"a":${'['.repeat(1_000_000)}`;
    const rows = await read(`${deep}\n{"a":[[1]]}\n{"a":[[[1]]]}\n{"a":"[[[[\\"[[[["}\n`, { ...jsonl, depthMax: 3 });
    const issue = [null, 'The line has more than 3 objects and lists within each other, the limit: make it flatter'];
    expect(seen(rows)).toEqual([
      [1, issue],
      [2, { a: [[1]] }],
      [3, issue],
      [4, { a: '[[[["[[[[' }],
    ]);
  });

  test('of columns', async () => {
    const header = Array.from({ length: 100_000 }, (_, index) => `column${index}`).join(',');
    await expect(read(`${header}\n1\n`, csv)).rejects.toThrow('The header line (line 1) names 100,000 columns; the limit is 1,000. Remove');
    expect(seen(await read(`a,b\n${','.repeat(100_000)}\n1,2\n`, csv))).toEqual([
      [2, [null, expect.stringContaining('The row has 100001 fields where the header has 2')]],
      [3, { a: '1', b: '2' }],
    ]);
  });

  test('of what an archive unpacks to', async () => {
    const bomb = createFile(gzipSync(Buffer.alloc(32 * 1024 * 1024, '\n')), 1024);
    // Which is half of its lines.
    const message = 'The archive unpacks to more than 100 times its size, the limit for archives, at line 16777217.';
    await expect(readAll(bomb, jsonl)).rejects.toThrow(message);
    await expect(readAll(bomb, csv)).rejects.toThrow(message);
    await expect(detectFile(bomb.open)).rejects.toThrow(message);
  });

  test('of lines', () => {
    const splitter = createLineSplitter(10, { line: limits.importLinesMax - 1 });
    expect(() => [...splitter.push(Buffer.from('a\nb\n'))]).toThrow(
      'The file has more than 100,000,000 lines, the limit for a file: split it.',
    );
  });
});

test('a preview reads no further than its limit', async () => {
  async function* endless() {
    yield Buffer.from('instruction,response\nA row?,Yes.\nA stray quote?,"');
    for (;;) yield Buffer.alloc(1_048_576, 'word\n');
  }
  const { rows } = await detectFile(async () => endless());
  expect(seen(rows)).toEqual([
    [2, { instruction: 'A row?', response: 'Yes.' }],
    [3, [null, 'The row does not end within the first 64 MiB of the file, which is all that a preview reads']],
  ]);
});

describe('any bytes', () => {
  const content = fc.string({ unit: fc.constantFrom('a', 'ü', '"', '"', ',', '\n', '\n', '\r\n', ' '), maxLength: 60 });
  const small = { ...csv, cellMax: 8, lineMax: 20 };
  const readUnder = (body: string, options: ReadOptions, chunkSize: number) => read(`x,y\n${body}`, options, chunkSize);

  test('are read alike in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 9 }), async (body, chunkSize) => {
        for (const options of [csv, small]) {
          const whole = await readUnder(body, options, 1_000);
          expect(await readUnder(body, options, chunkSize)).toEqual(whole);
        }
      }),
      { numRuns: 500, examples: [['aüaüaüaaa', 1]] },
    );
  });

  test('are read on behind any row as if nothing had happened', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (body) => {
        const whole = await readUnder(body, small, 7);
        for (const [index, { line }] of whole.entries())
          expect(await readUnder(body, { ...small, afterLine: line }, 7)).toEqual(whole.slice(index + 1));
      }),
      { numRuns: 300 },
    );
  });
});

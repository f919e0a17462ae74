import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectFile } from './detect.ts';
import { readRows } from './read-rows.ts';
import type { ReadOptions } from './read-rows.ts';
import type { Row } from './row.ts';

async function* chunks(content: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function read(content: string | Buffer, options: ReadOptions, chunkSize = 7): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(async () => chunks(content, chunkSize), options)) rows.push(row);
  return rows;
}
/** Line and values, or line and complaint. */
const seen = (rows: Row[]) => rows.map((row) => [row.line, row.record ?? row.issue?.message.split(':')[0]]);
const detect = (content: string | Buffer) => detectFile(async () => chunks(content, 64));

describe('JSONL', () => {
  const jsonl = { container: 'jsonl' } as const;

  test('takes a byte order mark, CRLF, blank lines and a last line without its end', async () => {
    const rows = await read('\ufeff{"a":1}\r\n\r\n  \n{"a":"ü"}', jsonl);
    expect(seen(rows)).toEqual([
      [1, { a: 1 }],
      [4, { a: 'ü' }],
    ]);
    expect(rows.at(-1)?.bytesSoFar).toBe(Buffer.byteLength('\ufeff{"a":1}\r\n\r\n  \n{"a":"ü"}'));
  });

  test('reports what is no object by line and reads on', async () => {
    const invalid = Buffer.concat([Buffer.from('{"a":1}\n{"a":\n[1]\n"x"\n{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n{"a":2}\n')]);
    expect(seen(await read(invalid, jsonl))).toEqual([
      [1, { a: 1 }],
      [2, 'The line is not valid JSON'],
      [3, 'The line holds JSON, but not an object such as {"instruction"'],
      [4, 'The line holds JSON, but not an object such as {"instruction"'],
      [5, 'The line is not valid UTF-8'],
      [6, { a: 2 }],
    ]);
  });

  test.each([1, 3, 64])('passes over a line that is too long, in chunks of %d bytes', async (chunkSize) => {
    const line = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
    const rows = await read(`${line(40)}\r\n${line(41)}\n${line(400)}\n{"a":1}`, { ...jsonl, lineMax: 40 }, chunkSize);
    expect(rows.map(({ line: number, issue }) => [number, issue === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, false],
      [4, true],
    ]);
  });

  test('goes on behind a line', async () => {
    expect(seen(await read('{"a":1}\nnot parsed\n{"a":3}\n', { ...jsonl, afterLine: 2 }))).toEqual([[3, { a: 3 }]]);
  });

  test('unpacks gzip of several members and counts bytes of the archive', async () => {
    const archive = Buffer.concat([gzipSync('{"a":1}\n{"a"'), gzipSync(':2}\n')]);
    const rows = await read(archive, jsonl);
    expect(seen(rows)).toEqual([
      [1, { a: 1 }],
      [2, { a: 2 }],
    ]);
    expect(rows.at(-1)?.bytesSoFar).toBe(archive.length);
    await expect(read(archive.subarray(0, 30), jsonl)).rejects.toThrow(/damaged or cut off/);
  });

  test('leaves the source when its reader does', async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield Buffer.from('{"a":1}\n');
      } finally {
        closed = true;
      }
    }
    for await (const row of readRows(async () => source(), jsonl)) if (row.line === 3) break;
    expect(closed).toBe(true);
  });
});

describe('CSV', () => {
  const csv = { container: 'csv' } as const;

  test('numbers records by the line they begin on', async () => {
    const rows = await read('\ufeffa,b\r\n1,"x\r\ny"\r\n\r\n2,"q ""z"", w"\r\n3,', csv);
    expect(seen(rows)).toEqual([
      [2, { a: '1', b: 'x\r\ny' }],
      [5, { a: '2', b: 'q "z", w' }],
      [6, { a: '3', b: '' }],
    ]);
  });

  test('one bad record costs no other', async () => {
    const bad = Buffer.concat([
      Buffer.from('a,b\n1,2,3\n4,5" disk\n"6"7,8\n9,'),
      Buffer.from([0xff]),
      Buffer.from('\n10,"never closed\n11,12\n'),
    ]);
    expect(seen(await read(bad, csv))).toEqual([
      [2, 'The row has 3 fields where the header has 2'],
      [3, { a: '4', b: '5" disk' }],
      [4, { a: '67', b: '8' }],
      [5, 'The line is not valid UTF-8'],
      [6, 'A quote is opened on this line and never closed'],
      [7, { a: '11', b: '12' }],
    ]);
  });

  test.each([
    [';', 'a;b\n"1;2";3\n'],
    ['\t', 'a\tb\n"1\t2"\t3\n'],
  ])('finds the separator %j', async (separator, content) => {
    expect(seen(await read(content, csv))).toEqual([[2, { a: `1${separator}2`, b: '3' }]]);
  });

  test('goes on behind a line and keeps the header', async () => {
    expect(seen(await read('a\n1\n"2\n2"\n3\n', { ...csv, afterLine: 3 }))).toEqual([[5, { a: '3' }]]);
  });

  test('refuses a header that names a column twice', async () => {
    await expect(read('a,a\n1,2\n', csv)).rejects.toThrow('stands twice');
  });

  test('any table that is written by the rules is read as it was, in chunks of any size', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', '\n', ' ', '🌾'), maxLength: 6 });
    const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        async (table, chunkSize) => {
          const content = [['x', 'y'], ...table].map((row) => row.map(quote).join(',')).join('\r\n');
          const rows = await read(content, csv, chunkSize);
          expect(rows.map(({ record }) => record)).toEqual(table.map(([x, y]) => ({ x, y })));
        },
      ),
    );
  });
});

describe('detection', () => {
  test.each([
    [
      '{"instruction":"i","context":"","response":"r","category":"open_qa"}',
      'jsonl',
      'dolly',
      { instruction: 'instruction', response: 'response', context: 'context', category: 'category' },
    ],
    [
      '{"instruction":"i","input":"","output":"o"}',
      'jsonl',
      'alpaca',
      { instruction: 'instruction', response: 'output', context: 'input' },
    ],
    ['{"message_tree_id":"x","prompt":{}}', 'jsonl', 'oasst', null],
    ['{"id":"t","instruction":"i","instances":[]}', 'jsonl', 'self_instruct', null],
    [
      'ID,Question,Answer,Lang\n1,q,a,en',
      'csv',
      'dolly',
      { instruction: 'Question', response: 'Answer', language: 'Lang', externalId: 'ID' },
    ],
    ['foo,bar\n1,2', 'csv', 'dolly', null],
  ])('%s', async (content, container, format, mapping) => {
    const found = await detect(content);
    expect(found).toMatchObject({ container, format, mapping });
  });

  test.each([
    ['', 'empty'],
    [' \n\n', 'empty'],
    ['[{"a":1}]', 'jq'],
    ['a,b\n', 'no rows'],
    ['{"a"\n{"b"\n', 'Line 1'],
    [Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00]), 'not text'],
  ])('says what is wrong with %j', async (content, message) => {
    await expect(detect(content)).rejects.toThrow(message);
  });
});

import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { fullRecordSchema } from '@granary/contract';
import * as z from 'zod';
import { expect, test } from 'vitest';
import { encodings } from '../encoding-registry.ts';
import { createRowSource } from '../row-source.ts';
import { oddTexts, sampleRecord } from '../sample-record.ts';
import { encodeAll } from './encode-for-tests.ts';
import type { Encoding } from './encoding.ts';
import { jsonlEncoding } from './jsonl.ts';
import { jsonlGzEncoding } from './jsonl-gz.ts';
import { jsonlZstEncoding } from './jsonl-zst.ts';

/** Text that does not compress, so that several blocks are filled. */
const noise = (seed: string) =>
  Array.from({ length: 12 }, (_, index) => createHash('sha512').update(`${seed} ${index}`).digest('base64')).join('');
const records = Array.from({ length: 1_700 }, (_, index) =>
  sampleRecord({ id: `row-${index}`, instruction: oddTexts[index % oddTexts.length]!, response: noise(String(index)) }),
);
const ratingDimensions = ['accuracy', 'clarity'];
const encodeFull = async (encoding: Encoding, batches: readonly (readonly (typeof records)[number][])[]) =>
  (await encodeAll(encoding, fullRecordSchema, batches, { ratingDimensions }))[0]!;

test.each(encodings)('$name: the same rows give the same bytes, however they arrive', async (encoding) => {
  const whole = await encodeFull(encoding, [records]);
  const cut = await encodeFull(encoding, [[], records.slice(0, 1), records.slice(1, 777), [], records.slice(777)]);
  const single = await encodeFull(
    encoding,
    records.map((record) => [record]),
  );
  expect(cut.bytes.equals(whole.bytes)).toBe(true);
  expect(single.bytes.equals(whole.bytes)).toBe(true);
  expect(cut.encoded).toEqual(whole.encoded);
  expect(whole.encoded.rows).toBe(records.length);
});

test.each(encodings)('$name: a row that lacks a column is refused by name', async (encoding) => {
  const { response_licence: _missing, ...rest } = sampleRecord();
  await expect(encodeAll(encoding, fullRecordSchema, [[rest]], { ratingDimensions })).rejects.toThrow('response_licence');
});

/** Rows without end, and how many were asked for. */
function endless() {
  const asked = { batches: 0, ended: false };
  async function* batches() {
    try {
      for (;;) {
        asked.batches += 1;
        yield records;
      }
    } finally {
      asked.ended = true;
    }
  }
  return { asked, rows: createRowSource(batches()) };
}

test.each(encodings)('$name: no more is read than what is written, and nothing goes on when the reader gives up', async (encoding) => {
  const { asked, rows } = endless();
  const content = encoding.encode(rows, { schema: fullRecordSchema, ratingDimensions });
  for (let chunks = 0; chunks < 3; chunks += 1) expect((await content.next()).done).toBe(false);
  const { batches } = asked;
  // Three chunks, and what is compressed ahead; Parquet holds whole row groups.
  expect(batches).toBeLessThan(encoding.name === 'parquet' ? 60 : 12);
  // Time enough for the same work for somebody else is time enough to go on.
  const other = encoding.encode(endless().rows, { schema: fullRecordSchema, ratingDimensions });
  for (let chunks = 0; chunks < 6; chunks += 1) await other.next();
  await other.return({ rows: 0, bytes: 0 });
  expect(asked.batches).toBe(batches);
  await content.return({ rows: 0, bytes: 0 });
  expect(asked.batches).toBe(batches);
});

test.each(encodings)('$name: a failing source is a failing file', async (encoding) => {
  async function* failing() {
    yield records;
    throw new Error('connection lost');
  }
  const content = encoding.encode(createRowSource(failing()), { schema: fullRecordSchema, ratingDimensions });
  await expect(buffer(Readable.from(content))).rejects.toThrow('connection lost');
});

test('the lines of a known record never change', async () => {
  const schema = z.object({
    id: z.string(),
    n: z.number().nullable(),
    list: z.array(z.string()),
    ratings: z.record(z.string(), z.number()),
  });
  const row = { ratings: { style: 3, accuracy: 4.5 }, list: ['ä', ''], n: null, id: 'a\n"b"\\', extra: 'not a column' };
  const [file] = await encodeAll(jsonlEncoding, schema, [[row]]);
  expect(file!.bytes.toString()).toBe('{"id":"a\\n\\"b\\"\\\\","n":null,"list":["ä",""],"ratings":{"accuracy":4.5,"style":3}}\n');
  expect(file!.encoded).toEqual({ rows: 1, bytes: file!.bytes.length });
});

test('gzip is a single member that browsers decompress, with nothing of its time or system in the header', async () => {
  const { bytes, encoded } = await encodeFull(jsonlGzEncoding, [records]);
  const plain = await encodeFull(jsonlEncoding, [records]);
  expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const text = Buffer.from(await new Response(stream).arrayBuffer());
  expect(text.equals(plain.bytes)).toBe(true);
  expect(gunzipSync(bytes).equals(plain.bytes)).toBe(true);
  expect(encoded).toEqual({ rows: records.length, bytes: plain.bytes.length });
  // Blocks know the one before: text that repeats over their borders stays small.
  const repeated = await encodeFull(jsonlGzEncoding, [Array.from({ length: 20_000 }, () => sampleRecord())]);
  expect(repeated.bytes.length).toBeLessThan(repeated.encoded.bytes / 100);
});

test('zstd is a single frame', async () => {
  const { bytes, encoded } = await encodeFull(jsonlZstEncoding, [records]);
  const plain = await encodeFull(jsonlEncoding, [records]);
  expect(zstdDecompressSync(bytes).equals(plain.bytes)).toBe(true);
  expect(encoded.bytes).toBe(plain.bytes.length);
  expect(bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))).toBe(0);
  expect(bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 4)).toBe(-1);
});

test.each([jsonlGzEncoding, jsonlZstEncoding])('$name of no rows is a valid file of nothing', async (encoding) => {
  const { bytes, encoded } = await encodeFull(encoding, []);
  expect((encoding === jsonlGzEncoding ? gunzipSync : zstdDecompressSync)(bytes)).toHaveLength(0);
  expect(encoded).toEqual({ rows: 0, bytes: 0 });
});

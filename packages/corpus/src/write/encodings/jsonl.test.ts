import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { dollyRecordSchema, fullRecordSchema, preferenceRecordSchema } from '@granary/contract';
import type { SnapshotRecord } from '@granary/contract';
import { expect, test } from 'vitest';
import { openDataFile } from './data-file.ts';
import { dollyFormat } from './dolly-format.ts';
import { formats } from './formats.ts';
import { fullFormat } from './full-format.ts';
import { preferencesFormat } from './preferences-format.ts';
import { oddTexts, sampleRecord } from './sample-record.ts';
import type { SnapshotFormat } from './snapshot-format.ts';

async function write(format: SnapshotFormat, batches: readonly (readonly SnapshotRecord[])[]) {
  const file = openDataFile(format);
  const content = buffer(file.content);
  for (const batch of batches) await file.write(batch);
  file.end();
  return { bytes: await content, written: file.written() };
}
const linesOf = (bytes: Buffer) => {
  const text = gunzipSync(bytes).toString('utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
};
const records = Array.from({ length: 500 }, (_, index) =>
  sampleRecord({ id: `row-${index}`, instruction: oddTexts[index % oddTexts.length]! }),
);

test.each(formats)('$name: the same records give the same bytes, however they are cut into batches', async (format) => {
  const whole = await write(format, [records]);
  const cut = await write(format, [[], records.slice(0, 1), records.slice(1, 333), records.slice(333)]);
  expect(cut.bytes.equals(whole.bytes)).toBe(true);
  expect(cut.written).toEqual(whole.written);
});

test('the bytes of a known record never change', async () => {
  const { bytes } = await write(fullFormat, [[sampleRecord()]]);
  expect(gunzipSync(bytes).toString('utf8')).toMatchInlineSnapshot(`
    "{"id":"0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11","instruction_id":"0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e10","conversation_id":"0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e10","turn":1,"parent_response_id":null,"instruction":"What is a granary?","context":"","response":"A storehouse for threshed grain.","category":"open_qa","language":"en","instruction_licence":"CC-BY-SA-4.0","response_licence":"CC-BY-SA-4.0","context_url":null,"context_licence":null,"instruction_author":"Wheatear","response_author":"Chaff","editors":[],"origin":null,"origin_url":null,"external_id":null,"ai_assistance":"none","terms_version":1,"instruction_revision":1,"response_revision":2,"reviews":3,"approvals":2,"agreement":0.6667,"posterior":0.9731,"rating":4.25,"rating_count":3,"ratings":{"accuracy":4.5,"clarity":4},"strength":0.4121,"strength_error":0.61,"comparisons":4,"checks":["too_short"],"created_at":"2026-11-01T08:00:00.000Z","approved_at":"2026-11-02T09:30:00.000Z"}
    "
  `);
  expect(createHash('sha256').update(gunzipSync(bytes)).digest('hex')).toMatchInlineSnapshot(
    `"8f857aaeed01dddb6a65cf1fde07af0a458cdbf4ff15acd5f245ee5e94e306d8"`,
  );
});

test('dolly has exactly the four columns, in order', async () => {
  const { bytes } = await write(dollyFormat, [[sampleRecord()]]);
  expect(linesOf(bytes).map((line) => Object.keys(line as object))).toEqual([['instruction', 'context', 'response', 'category']]);
});

test('dolly leaves follow-up turns out and counts what it holds', async () => {
  const { bytes, written } = await write(dollyFormat, [[sampleRecord(), sampleRecord({ id: 'b', turn: 2, parent_response_id: 'a' })]]);
  expect(linesOf(bytes)).toHaveLength(1);
  expect(written).toEqual({ rows: 1, bytes: gunzipSync(bytes).length });
});

test('full keeps the contract order of keys whatever the order of the record, and sorts ratings', async () => {
  const shuffled = Object.fromEntries(Object.entries(sampleRecord({ ratings: { style: 3, accuracy: 4.5 } })).reverse()) as SnapshotRecord;
  const { bytes } = await write(fullFormat, [[shuffled]]);
  const [line] = linesOf(bytes);
  expect(Object.keys(line as object)).toEqual(Object.keys(fullRecordSchema.shape));
  expect(Object.keys((line as SnapshotRecord).ratings)).toEqual(['accuracy', 'style']);
});

test.each(oddTexts.map((text) => [JSON.stringify(text), text]))('comes back unchanged: %s', async (_name, text) => {
  const record = sampleRecord({ instruction: text, context: text, response: text, response_author: text });
  const full = await write(fullFormat, [[record]]);
  const { preferences: _, ...columns } = record;
  expect(linesOf(full.bytes).map((line) => fullRecordSchema.parse(line))).toEqual([columns]);
  const dolly = await write(dollyFormat, [[record]]);
  expect(linesOf(dolly.bytes).map((line) => dollyRecordSchema.strict().parse(line))).toEqual([
    { instruction: text, context: text, response: text, category: record.category },
  ]);
});

test('preferences has a row for every response that a pair is preferred to, and none otherwise', async () => {
  const beaten = { rejected: 'A box.', rejected_id: 'other', margin: 0.8, margin_error: 0.5, comparisons: 3, ties: 1, both_bad: 0 };
  const { bytes, written } = await write(preferencesFormat, [[sampleRecord({ preferences: [beaten] }), sampleRecord()]]);
  expect(written.rows).toBe(1);
  const { id, response, instruction } = sampleRecord();
  expect(linesOf(bytes)).toMatchObject([{ id: `${id}:other`, chosen: response, chosen_id: id, instruction, ...beaten }]);
  expect(Object.keys(linesOf(bytes)[0] as object)).toEqual(Object.keys(preferenceRecordSchema.shape));
});

test('half a surrogate pair becomes the replacement character, so that the file is valid UTF-8', async () => {
  const { bytes } = await write(dollyFormat, [[sampleRecord({ instruction: 'a\ud83d b\ude00' })]]);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(gunzipSync(bytes));
  expect(text).toContain('"instruction":"a\ufffd b\ufffd"');
  expect(text).not.toMatch(/\\ud[89a-f]/i);
});

test('no line contains what some readers take for a line end', async () => {
  const { bytes } = await write(dollyFormat, [[sampleRecord({ instruction: 'a\u2028b\u2029c\u0085d\ve\ff\rg\nh' })]]);
  const text = gunzipSync(bytes).toString('utf8');
  expect(text.match(/[\n\v\f\r\u0085\u2028\u2029]/g)).toEqual(['\n']);
});

test('a record that lacks a column is refused by name', async () => {
  const { response_licence: _missing, ...rest } = sampleRecord();
  const file = openDataFile(fullFormat);
  await expect(file.write([rest as SnapshotRecord])).rejects.toThrow('response_licence');
  file.abort(new Error('given up'));
});

test('gzip is a single member that browsers decompress, with nothing of its time or system in the header', async () => {
  const { bytes } = await write(fullFormat, [records]);
  expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const text = await new Response(stream).text();
  expect(text.split('\n')).toHaveLength(records.length + 1);
});

test('an empty file is a valid gzip of nothing', async () => {
  const { bytes } = await write(dollyFormat, []);
  expect(gunzipSync(bytes)).toHaveLength(0);
});

test('a writer learns that the reader gave up', async () => {
  const file = openDataFile(fullFormat);
  file.content.destroy(new Error('disk full'));
  await expect(file.write(records)).rejects.toThrow('disk full');
});

test('a reader learns that the writer gave up', async () => {
  const file = openDataFile(fullFormat);
  const content = buffer(file.content);
  await file.write(records);
  file.abort(new Error('cancelled'));
  await expect(content).rejects.toThrow('cancelled');
});

/** Text that does not compress: everything else would fit into the buffers. */
const noise = (seed: string) =>
  Array.from({ length: 40 }, (_, index) => createHash('sha512').update(`${seed} ${index}`).digest('base64')).join('');

test('writing waits for the reader', async () => {
  const file = openDataFile(fullFormat);
  let accepted = 0;
  const writing = (async () => {
    for (; accepted < 200; accepted += 1)
      await file.write(Array.from({ length: 10 }, (_, index) => sampleRecord({ response: noise(`${accepted} ${index}`) })));
    file.end();
  })();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(accepted).toBeLessThan(200);
  const [content] = await Promise.all([buffer(file.content), writing]);
  expect(linesOf(content)).toHaveLength(2000);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { fullRecordSchema } from '@granary/contract';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { oddTexts, sampleRecord } from '../sample-record.ts';
import { columnsOf } from './column-types.ts';
import { csvEncoding } from './csv.ts';
import { csvGzEncoding } from './csv-gz.ts';
import { encodeAll } from './encode-for-tests.ts';
import { parquetEncoding } from './parquet.ts';

const ratingDimensions = ['accuracy', 'clarity'];
const schema = z.object({
  id: z.string(),
  text: z.string(),
  note: z.string().nullable(),
  count: z.int(),
  share: z.number().nullable(),
  done: z.boolean(),
  kind: z.enum(['a', 'b']),
  tags: z.array(z.string()),
  turns: z.array(z.object({ role: z.string(), content: z.string().nullable() })),
  ratings: z.record(z.string(), z.number()),
});
const odd = oddTexts.map((text, index) => ({
  id: `row-${index}`,
  text,
  note: index % 3 === 0 ? null : text,
  count: index === 1 ? 2 ** 40 : index,
  share: index % 4 === 0 ? null : index / 7,
  done: index % 2 === 0,
  kind: index % 2 === 0 ? 'a' : 'b',
  tags: index % 2 === 0 ? [] : [text, 'second'],
  turns: [
    { role: 'user', content: text },
    { role: 'assistant', content: null },
  ].slice(0, index % 3),
  ratings: index % 5 === 0 ? {} : { clarity: 4.5 },
}));
/** As typed columns have it: every dimension, whether rated or not. */
const typed = odd.map((row) => ({ ...row, count: BigInt(row.count), ratings: { accuracy: null, clarity: row.ratings.clarity ?? null } }));

async function duckdb(name: string, bytes: Uint8Array, sql: (file: string) => string) {
  const folder = await mkdtemp(join(tmpdir(), 'granary-tables-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  await writeFile(file, bytes);
  const connection = await (await DuckDBInstance.create()).connect();
  const result = await connection.runAndReadAll(sql(file));
  connection.closeSync();
  return result.getRowObjectsJson();
}
const toFile = (bytes: Buffer) => new Uint8Array(bytes).buffer;

test('Parquet comes back unchanged through hyparquet', async () => {
  const [file] = await encodeAll(parquetEncoding, schema, [odd], { ratingDimensions });
  expect(await parquetReadObjects({ file: toFile(file!.bytes), compressors })).toEqual(typed);
});

test('Parquet comes back unchanged through DuckDB, with its types', async () => {
  const [file] = await encodeAll(parquetEncoding, schema, [odd], { ratingDimensions });
  const rows = await duckdb('odd.parquet', file!.bytes, (path) => `SELECT * FROM '${path}'`);
  // DuckDB's JSON tells 64 bits as text.
  expect(rows).toEqual(typed.map((row) => ({ ...row, count: String(row.count) })));
  const types = await duckdb('odd.parquet', file!.bytes, (path) => `DESCRIBE SELECT * FROM '${path}'`);
  expect(types.map((column) => [column['column_name'], column['column_type']])).toEqual([
    ['id', 'VARCHAR'],
    ['text', 'VARCHAR'],
    ['note', 'VARCHAR'],
    ['count', 'BIGINT'],
    ['share', 'DOUBLE'],
    ['done', 'BOOLEAN'],
    ['kind', 'VARCHAR'],
    ['tags', 'VARCHAR[]'],
    ['turns', 'STRUCT("role" VARCHAR, "content" VARCHAR)[]'],
    ['ratings', 'STRUCT(accuracy DOUBLE, clarity DOUBLE)'],
  ]);
});

test('Parquet has zstd, statistics, page index and row groups, and is cut into shards at their ends', async () => {
  const records = Array.from({ length: 45_000 }, (_, index) =>
    sampleRecord({
      id: String(index).padStart(8, '0'),
      response: `Answer ${(index * 7919) % 104729} ${'of some length '.repeat(index % 20)}`,
    }),
  );
  const [whole] = await encodeAll(parquetEncoding, fullRecordSchema, [records], { ratingDimensions });
  const metadata = await parquetMetadataAsync(toFile(whole!.bytes));
  expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([20_000, 20_000, 5_000]);
  expect(metadata.created_by).toBe('granary');
  const responses = metadata.row_groups[0]!.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'response')!;
  expect(responses.column_index_offset).toBeDefined();
  expect(responses.offset_index_offset).toBeDefined();
  const ids = metadata.row_groups[1]!.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'id')!.meta_data!;
  expect(ids).toMatchObject({ codec: 'ZSTD', statistics: { min_value: '00020000', max_value: '00039999', null_count: 0n } });

  const shards = await encodeAll(parquetEncoding, fullRecordSchema, [records], { ratingDimensions, maxBytes: 1_000 });
  expect(shards.map(({ encoded }) => encoded.rows)).toEqual([20_000, 20_000, 5_000]);
  const [count] = await duckdb(
    'shard.parquet',
    shards[1]!.bytes,
    (path) => `SELECT count(*) AS n, min(id) AS first FROM '${path}' WHERE turn = 1`,
  );
  expect(count).toEqual({ n: '20000', first: '00020000' });
});

test('long texts make smaller row groups', async () => {
  const rows = Array.from({ length: 2_000 }, (_, index) => ({ text: `${index} ${'x'.repeat(30_000)}` }));
  const [file] = await encodeAll(parquetEncoding, z.object({ text: z.string() }), [rows]);
  const { row_groups } = await parquetMetadataAsync(toFile(file!.bytes));
  expect(row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([1_000, 1_000]);
});

test('where nobody rated, typed columns have no ratings; a recursive row has no columns', () => {
  expect(columnsOf({ schema: fullRecordSchema, ratingDimensions: [] }).map(({ name }) => name)).toEqual(
    Object.keys(fullRecordSchema.shape).filter((name) => name !== 'ratings'),
  );
  const tree = z.object({
    text: z.string(),
    get replies() {
      return z.array(tree);
    },
  });
  expect(() => columnsOf({ schema: tree, ratingDimensions: [] })).toThrow('replies');
});

const csvOptions =
  "header = true, all_varchar = true, allow_quoted_nulls = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n'";
const csvColumns = `columns = {${Object.keys(schema.shape)
  .map((name) => `'${name}': 'VARCHAR'`)
  .join(', ')}}`;

test.each([csvEncoding, csvGzEncoding])(
  '$name: odd texts come back unchanged through DuckDB, and what is missing differs from what is empty',
  async (encoding) => {
    const [file] = await encodeAll(encoding, schema, [odd]);
    const rows = await duckdb(
      `odd.${encoding.name}`,
      file!.bytes,
      (path) => `SELECT * FROM read_csv('${path}', ${csvOptions}, ${csvColumns})`,
    );
    expect(rows.map(({ text, note }) => ({ text, note }))).toEqual(odd.map(({ text, note }) => ({ text, note })));
    expect(rows.map(({ turns, ratings, tags }) => [turns, ratings, tags].map((value) => JSON.parse(String(value)) as unknown))).toEqual(
      odd.map(({ turns, ratings, tags }) => [turns, ratings, tags]),
    );
  },
);

test('CSV is as RFC 4180 says', async () => {
  const small = z.object({ id: z.string(), 'odd, name': z.string().nullable(), n: z.number(), ok: z.boolean() });
  const rows = [
    { id: 'a "quoted"', 'odd, name': null, n: 1.5, ok: true },
    { id: '', 'odd, name': 'two\nlines', n: -1, ok: false },
    { id: ' padded', 'odd, name': 'half \ud83d', n: 0, ok: false },
  ];
  const [file] = await encodeAll(csvEncoding, small, [rows]);
  expect(file!.bytes.toString('utf8')).toBe(
    'id,"odd, name",n,ok\r\n"a ""quoted""",,1.5,true\r\n"","two\nlines",-1,false\r\n" padded",half \ufffd,0,false\r\n',
  );
  const gzipped = await encodeAll(csvGzEncoding, small, [rows]);
  expect(gunzipSync(gzipped[0]!.bytes).equals(file!.bytes)).toBe(true);
  expect(file!.encoded).toEqual({ rows: 3, bytes: file!.bytes.length });
});

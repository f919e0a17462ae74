import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { oddTexts } from '../sample-record.ts';
import type { Row, RowSchema } from '../snapshot-format.ts';
import { encodeAll } from './encode-for-tests.ts';
import { parquetEncoding } from './parquet.ts';

async function parquetOf(schema: RowSchema, rows: readonly Row[]): Promise<Buffer> {
  const [file] = await encodeAll(parquetEncoding, schema, [rows]);
  return file!.bytes;
}
const toFile = (bytes: Buffer) => new Uint8Array(bytes).buffer;

/** Rows as hyparquet reads them, with integers as numbers; lists and structures that are null it leaves undefined. */
async function readByHyparquet(bytes: Buffer): Promise<Row[]> {
  const rows = await parquetReadObjects({ file: toFile(bytes), compressors });
  return JSON.parse(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : (value ?? null)))) as Row[];
}

/** What DuckDB says to a query over the file. */
async function askDuckdb(bytes: Buffer, sql: (file: string) => string): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'granary-parquet-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'rows.parquet');
  await writeFile(file, bytes);
  const connection = await (await DuckDBInstance.create()).connect();
  const result = await connection.runAndReadAll(sql(file));
  connection.closeSync();
  return result.getRowObjectsJson();
}
async function readByDuckdb(bytes: Buffer): Promise<Row[]> {
  const rows = await askDuckdb(bytes, (file) => `SELECT to_json(t)::VARCHAR AS row FROM '${file}' t`);
  return rows.map(({ row }) => JSON.parse(row as string) as Row);
}

/** The rows of a file as two readers that we did not write have them. */
async function readBack(bytes: Buffer): Promise<{ hyparquet: unknown; duckdb: unknown }> {
  return { hyparquet: await readByHyparquet(bytes), duckdb: await readByDuckdb(bytes) };
}
const unchanged = (rows: readonly Row[]) => ({ hyparquet: rows, duckdb: rows });

const nested = z.object({
  id: z.int(),
  tags: z.array(z.string()).nullable(),
  notes: z.array(z.string().nullable()),
  grid: z.array(z.array(z.int()).nullable()),
  turns: z.array(z.object({ role: z.string(), said: z.string().nullable(), marks: z.array(z.number()) })).nullable(),
  scores: z.object({ clear: z.number().nullable(), done: z.boolean() }).nullable(),
});
const nestedRows: Row[] = [
  { id: 0, tags: null, notes: [], grid: [], turns: null, scores: null },
  { id: 1, tags: [], notes: [null], grid: [[]], turns: [], scores: { clear: null, done: false } },
  {
    id: 2,
    tags: ['', 'a'],
    notes: [null, 'x', null],
    grid: [null, [1], [], [2, 3]],
    turns: [{ role: 'user', said: null, marks: [] }],
    scores: null,
  },
  {
    id: 3,
    tags: ['z'],
    notes: ['', null],
    grid: [[1, 2], null],
    turns: [
      { role: 'user', said: '🌾', marks: [1.5, -2.25] },
      { role: 'assistant', said: '', marks: [0.1] },
    ],
    scores: { clear: -1e300, done: true },
  },
];

test('lists, lists of lists and structures come back unchanged, and null differs from empty', async () => {
  const many = Array.from({ length: 25_000 }, (_, index) => ({ ...nestedRows[(index * 7) % 4], id: index }));
  for (const rows of [nestedRows, ...nestedRows.map((row) => [row]), many])
    expect(await readBack(await parquetOf(nested, rows))).toEqual(unchanged(rows));
});

const flat = z.object({
  id: z.string(),
  word: z.string().nullable(),
  turning: z.string(),
  text: z.string(),
  nothing: z.string().nullable(),
  none: z.number().nullable(),
  count: z.int(),
  share: z.number().nullable(),
  flag: z.boolean(),
  flags: z.boolean().nullable(),
});
const flatRow = (index: number): Row => ({
  id: String(index).padStart(6, '0'),
  word: index % 5 === 0 ? null : `word ${index % 300}`,
  // Repeats as long as it is looked at, and then no more.
  turning: index < 3_000 ? 'the same' : `other ${index}`,
  text: `${oddTexts[index % oddTexts.length]} ${(index * 7919) % 104_729} ${'of some length '.repeat(index % 30)}`,
  nothing: null,
  none: null,
  count: [0, -1, 2 ** 40 + 1, -(2 ** 40) - 1, Number.MAX_SAFE_INTEGER, index][index % 6],
  share: index % 3 === 0 ? null : (index - 20_000) / 7,
  flag: index % 1_000 < 500 || index % 3 === 0,
  flags: index % 7 === 0 ? null : index % 2 === 0,
});
const flatRows = Array.from({ length: 45_000 }, (_, index) => flatRow(index));

test.each([1, 7, 8, 9, 999, 1_000, 1_001, 45_000])('%i rows with and without repetition come back unchanged', async (count) => {
  const rows = flatRows.slice(0, count);
  expect(await readBack(await parquetOf(flat, rows))).toEqual(unchanged(rows));
});

test('what repeats has a dictionary, what no longer does goes on without', async () => {
  const { row_groups } = parquetMetadata(toFile(await parquetOf(flat, flatRows)));
  const encodings = (name: string) =>
    row_groups[0]!.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)!.meta_data!.encodings.toSorted();
  expect(encodings('word')).toEqual(['PLAIN', 'RLE', 'RLE_DICTIONARY']);
  expect(encodings('id')).toEqual(['PLAIN', 'RLE']);
  expect(encodings('flag')).toEqual(['RLE']);
  const turning = row_groups[0]!.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'turning')!.meta_data!;
  expect(turning.encoding_stats?.map(({ page_type, encoding }) => [page_type, encoding])).toEqual([
    ['DICTIONARY_PAGE', 'PLAIN'],
    ['DATA_PAGE_V2', 'RLE_DICTIONARY'],
    ['DATA_PAGE_V2', 'PLAIN'],
  ]);
});

test('statistics and page index lead to the same rows as reading everything', async () => {
  const bytes = await parquetOf(flat, flatRows);
  const counted = async (condition: string) => {
    const [row] = await askDuckdb(bytes, (file) => `SELECT count(*)::INT AS n FROM '${file}' WHERE ${condition}`);
    return row!['n'];
  };
  for (const index of [0, 19_999, 20_000, 44_999]) {
    expect(await counted(`id = '${flatRows[index]!['id'] as string}'`)).toBe(1);
    expect(await counted(`text = '${(flatRows[index]!['text'] as string).replaceAll("'", "''")}'`)).toBe(1);
  }
  expect(await counted('share < 0')).toBe(flatRows.filter(({ share }) => share !== null && (share as number) < 0).length);
  expect(await counted(`count = ${-(2 ** 40) - 1}`)).toBe(7_500);
  expect(await counted('nothing IS NULL AND none IS NULL')).toBe(45_000);
  expect(await counted('flags')).toBe(flatRows.filter(({ flags }) => flags).length);
});

test('bounds are those of UTF-8, and those of long texts are short and hold', async () => {
  const schema = z.object({ text: z.string() });
  const boundsOf = async (texts: readonly string[]) => {
    const rows = texts.map((text) => ({ text }));
    const bytes = await parquetOf(schema, rows);
    expect(await readBack(bytes)).toEqual(unchanged(rows));
    const [row] = await askDuckdb(bytes, (file) => `SELECT min(text) AS min, max(text) AS max FROM '${file}'`);
    const { statistics } = parquetMetadata(toFile(bytes)).row_groups[0]!.columns[0]!.meta_data!;
    return {
      row,
      min: statistics?.min_value,
      max: statistics?.max_value,
      exact: [statistics?.is_min_value_exact, statistics?.is_max_value_exact],
    };
  };
  // By UTF-16 the emoji would come first.
  expect(await boundsOf(['\uffee', '🌾'])).toEqual({ row: { min: '\uffee', max: '🌾' }, min: '\uffee', max: '🌾', exact: [true, true] });
  const long = [`b${'ä'.repeat(100)}`, `a${'🌾'.repeat(100)}`];
  expect(await boundsOf(long)).toEqual({
    row: { min: long[1], max: long[0] },
    min: `a${'🌾'.repeat(15)}`,
    max: `b${'ä'.repeat(30)}å`,
    exact: [false, false],
  });
  // The last character has none after it: the one before is raised.
  expect((await boundsOf([`c${'\u{10ffff}'.repeat(40)}`])).max).toBe('d');
  const last = await boundsOf(['\u{10ffff}'.repeat(40), 'a']);
  expect(last.max).toBeUndefined();
});

test('numbers that a column cannot hold are refused', async () => {
  await expect(parquetOf(z.object({ n: z.int() }), [{ n: 2 ** 60 }])).rejects.toThrow('no integer');
  await expect(parquetOf(z.object({ n: z.number() }), [{ n: Number.NaN }])).rejects.toThrow('NaN');
  await expect(parquetOf(z.object({ list: z.array(z.string()) }), [{ list: [null] }])).rejects.toThrow('list.list.element');
  await expect(parquetOf(z.object({ text: z.string() }), [{ text: null }])).rejects.toThrow('text');
});

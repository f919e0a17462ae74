import { csvEncoding } from './encodings/csv.ts';
import { csvGzEncoding } from './encodings/csv-gz.ts';
import type { Encoding } from './encodings/encoding.ts';
import { jsonlEncoding } from './encodings/jsonl.ts';
import { jsonlGzEncoding } from './encodings/jsonl-gz.ts';
import { jsonlZstEncoding } from './encodings/jsonl-zst.ts';
import { parquetEncoding } from './encodings/parquet.ts';

/** Every encoding, the most useful first. */
export const encodings: readonly Encoding[] = [
  jsonlGzEncoding,
  parquetEncoding,
  jsonlZstEncoding,
  jsonlEncoding,
  csvGzEncoding,
  csvEncoding,
];

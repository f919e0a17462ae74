import type { Encoding } from './encoding.ts';
import { gzip } from './gzip.ts';
import { jsonlEncoding } from './jsonl.ts';

/** JSON Lines, gzipped as one member, which browsers read too. */
export const jsonlGzEncoding: Encoding = {
  name: 'jsonl.gz',
  mediaType: 'application/gzip',
  tabular: false,
  encode: (rows, shape) => gzip(jsonlEncoding.encode(rows, shape)),
};

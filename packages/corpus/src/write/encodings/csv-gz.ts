import { csvEncoding } from './csv.ts';
import type { Encoding } from './encoding.ts';
import { gzip } from './gzip.ts';

/** CSV, gzipped as one member; most tools that read CSV read it as it is. */
export const csvGzEncoding: Encoding = {
  name: 'csv.gz',
  mediaType: 'application/gzip',
  tabular: true,
  encode: (rows, shape) => gzip(csvEncoding.encode(rows, shape)),
};

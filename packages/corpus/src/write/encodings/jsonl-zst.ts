import type { Encoding } from './encoding.ts';
import { jsonlEncoding } from './jsonl.ts';
import { zstd } from './zstd.ts';

/** JSON Lines, compressed by zstd as one frame: smaller than gzip, and several times as fast to read. */
export const jsonlZstEncoding: Encoding = {
  name: 'jsonl.zst',
  mediaType: 'application/zstd',
  tabular: false,
  encode: (rows, shape) => zstd(jsonlEncoding.encode(rows, shape)),
};

import { createLineEncoder } from '../line-encoder.ts';
import type { Encoding } from './encoding.ts';
import { encodeText } from './text-lines.ts';

/** JSON Lines in UTF-8: an object per row, each ended by a line feed. */
export const jsonlEncoding: Encoding = {
  name: 'jsonl',
  mediaType: 'application/jsonl; charset=utf-8',
  tabular: false,
  encode: (rows, { schema }) => encodeText(rows, createLineEncoder(schema)),
};

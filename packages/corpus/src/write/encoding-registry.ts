import type { Encoding } from './encodings/encoding.ts';
import { jsonlEncoding } from './encodings/jsonl.ts';
import { jsonlGzEncoding } from './encodings/jsonl-gz.ts';

/** Every encoding, the most useful first. */
export const encodings: readonly Encoding[] = [jsonlGzEncoding, jsonlEncoding];

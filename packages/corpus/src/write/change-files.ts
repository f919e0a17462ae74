import { retractedRowSchema, snapshotChangeSchema } from '@granary/contract';
import type { RetractedRow, SnapshotChange } from '@granary/contract';
import type { Encoded } from './encodings/encoding.ts';
import { jsonlEncoding } from './encodings/jsonl.ts';
import { jsonlGzEncoding } from './encodings/jsonl-gz.ts';

export const changesFile = { name: 'changes.jsonl.gz', mediaType: 'application/gzip', encoding: 'jsonl.gz' } as const;
export const retractedFile = { name: 'retracted.jsonl', mediaType: 'application/jsonl; charset=utf-8', encoding: 'jsonl' } as const;

/** The bytes of a delta file, as the changes arrive; the same changes give the same bytes. Returns how many there were. */
export function encodeChanges(batches: AsyncIterable<readonly SnapshotChange[]>): AsyncGenerator<Uint8Array, Encoded> {
  return jsonlGzEncoding.encode(batches[Symbol.asyncIterator](), { schema: snapshotChangeSchema, ratingDimensions: [] });
}

/** The bytes of the list of retracted rows. */
export function encodeRetracted(batches: AsyncIterable<readonly RetractedRow[]>): AsyncGenerator<Uint8Array, Encoded> {
  return jsonlEncoding.encode(batches[Symbol.asyncIterator](), { schema: retractedRowSchema, ratingDimensions: [] });
}

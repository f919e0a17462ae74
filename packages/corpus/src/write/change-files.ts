import { retractedRowSchema, snapshotChangeSchema } from '@granary/contract';
import type { RetractedRow, SnapshotChange } from '@granary/contract';
import type { Encoded } from './encodings/encoding.ts';
import { jsonlEncoding } from './encodings/jsonl.ts';
import { jsonlGzEncoding } from './encodings/jsonl-gz.ts';
import { createRowSource } from './row-source.ts';

export const changesFile = { name: 'changes.jsonl.gz', mediaType: 'application/gzip', encoding: 'jsonl.gz' } as const;
export const retractedFile = { name: 'retracted.jsonl', mediaType: 'application/jsonl; charset=utf-8', encoding: 'jsonl' } as const;

/** The bytes of a delta file, as the changes arrive; the same changes give the same bytes. Returns how many there were. */
export function encodeChanges(batches: AsyncGenerator<readonly SnapshotChange[], void>): AsyncGenerator<Uint8Array, Encoded> {
  return jsonlGzEncoding.encode(createRowSource(batches), { schema: snapshotChangeSchema, ratingDimensions: [] });
}

/** The bytes of the list of retracted rows. */
export function encodeRetracted(batches: AsyncGenerator<readonly RetractedRow[], void>): AsyncGenerator<Uint8Array, Encoded> {
  return jsonlEncoding.encode(createRowSource(batches), { schema: retractedRowSchema, ratingDimensions: [] });
}

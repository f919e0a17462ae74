import type { Split } from '@granary/contract';
import { splits } from '@granary/contract';
import type { Encoding } from './encodings/encoding.ts';
import { jsonlGzEncoding } from './encodings/jsonl-gz.ts';
import { parquetEncoding } from './encodings/parquet.ts';
import { formats } from './format-registry.ts';
import type { SnapshotFormat } from './snapshot-format.ts';

/** A data file that every snapshot has, unless it would be empty; one that is cut into shards has several files. */
export type StoredFile = { format: SnapshotFormat; encoding: Encoding; split: Split | null };

/** Whole in one file, under a short name: for people, and for `curl`. */
const wholeFormats = new Set(['dolly', 'full']);

/**
 * The data files of a snapshot, in the order of the manifest. Every stored format is there by split, as Parquet where its rows fit
 * columns; a few are also there whole as JSON Lines.
 */
export function storedFiles(): StoredFile[] {
  const whole = formats.filter(({ name }) => wholeFormats.has(name)).map((format) => ({ format, encoding: jsonlGzEncoding, split: null }));
  const bySplit = formats
    .filter(({ stored }) => stored)
    .flatMap((format) => splits.map((split) => ({ format, encoding: format.tabular ? parquetEncoding : jsonlGzEncoding, split })));
  return [...whole, ...bySplit];
}

/** The name of a stored file; a file by split is one of `count` shards, the first being 0. */
export function storedFileName({ format, encoding, split }: StoredFile, shard: number, count: number): string {
  if (split === null) return `${format.name}.${encoding.name}`;
  const number = (value: number) => String(value).padStart(5, '0');
  return `data/${format.name}/${split}-${number(shard)}-of-${number(count)}.${encoding.name}`;
}

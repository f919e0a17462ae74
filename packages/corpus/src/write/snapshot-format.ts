import type { SnapshotRecord, Split } from '@granary/contract';
import type * as z from 'zod';

/** A conversation as a snapshot holds it: all its pairs, by turn and then by id, so that a pair comes after those it continues. */
export type SnapshotConversation = { id: string; split: Split; pairs: readonly SnapshotRecord[] };

/** What this package needs to know of a row's zod schema: its columns in order, and their types as JSON Schema. */
export type RowSchema = { shape: Record<string, unknown>; toJSONSchema(): unknown };
export type Row = Record<string, unknown>;

/** Makes the rows of one file, conversation by conversation, in the snapshot's order. */
export type RowMaker = {
  /**
   * The rows of a conversation: one for each pair, for some, or for the whole. `wanted` tells which pairs are asked for; the
   * turns before them come along where the format has room for them, asked for or not.
   */
  rows(conversation: SnapshotConversation, wanted: (pair: SnapshotRecord) => boolean): Iterable<Row>;
  /** Rows that can only be made when all conversations have passed. */
  end?(): Iterable<Row>;
};

/**
 * One way to write a snapshot's pairs. A new one is a file in `formats/` and a line in `format-registry.ts`: card, files, the
 * address on demand, previews and tests follow from these.
 */
export type SnapshotFormat<Options extends z.ZodObject = z.ZodObject> = {
  /** Names the format in manifest and address, and the configuration on Hugging Face: `load_dataset(path, name)`. */
  name: string;
  title: string;
  /** Completes "`file`: …" in the card. */
  description: string;
  schema: RowSchema;
  /** Meaning of each column, for card and documentation. */
  columns: Record<string, string>;
  /** Whether a row is a flat or evenly nested record that fits typed columns (Parquet, CSV); trees of any depth do not. */
  tabular: boolean;
  /** Whether its files are part of every snapshot; the others are made on demand. */
  stored: boolean;
  /** What may be chosen in the address, beside the filters that all formats share. Every field has a default. */
  options: Options;
  open(options: z.output<Options>): RowMaker;
};

/** Keeps the types of a format's options. */
export function defineFormat<Options extends z.ZodObject>(format: SnapshotFormat<Options>): SnapshotFormat {
  return format as unknown as SnapshotFormat;
}

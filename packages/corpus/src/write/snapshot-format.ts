import type { SnapshotRecord } from '@granary/contract';

/** What this package needs to know of a record's zod schema: its columns in order, and their types as JSON Schema. */
export type RecordSchema = { shape: Record<string, unknown>; toJSONSchema(): unknown };

/** One way to write a snapshot's pairs. A new one is a file like `dolly-format.ts` and a line in `formats.ts`. */
export type SnapshotFormat = {
  /** Names the format in manifest and address. */
  name: string;
  fileName: string;
  mediaType: string;
  /** Configuration on Hugging Face: the argument after the path in `load_dataset`. */
  configName: string;
  /** Completes "`file`: …" in the card. */
  description: string;
  schema: RecordSchema;
  /** Meaning of each column, for the card. */
  columns: Record<string, string>;
  /** The rows that a pair has in this format: one, none where the format has no room for it, or several. Columns are taken by the schema's names. */
  rows: (record: SnapshotRecord) => readonly Record<string, unknown>[];
};

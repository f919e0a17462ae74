import type { Row, RowSchema } from '../snapshot-format.ts';

/** What an encoding has to know of the rows it writes. */
export type RowShape = {
  schema: RowSchema;
  /** The keys that `ratings` can have in this snapshot, in order: typed columns are settled before the first row. */
  ratingDimensions: readonly string[];
};

/** Rows and bytes before compression that went into a file. */
export type Encoded = { rows: number; bytes: number };

/** Where rows come from. Gives exactly so many as are asked for, and fewer only at the end, however they arrive. */
export type RowSource = { take(count: number): Promise<readonly Row[]> };

/**
 * One way to turn rows into the bytes of files. A new one is a file beside this and a line in `encoding-registry.ts`.
 *
 * The same rows give the same bytes, however they are cut into batches. Memory stays constant: no more is read than what the
 * next chunk needs.
 */
export type Encoding = {
  /** What file names end in: `jsonl.gz`, `parquet`, … */
  name: string;
  mediaType: string;
  /** Whether it needs a format whose rows are `tabular`. */
  tabular: boolean;
  /**
   * The bytes of one file, as the rows arrive; returns what went into it. Where `maxBytes` is given, a file may end sooner, at about so
   * many bytes, with rows left over in the source: they belong to the next file. Encodings that cannot be cut ignore it. Each chunk
   * is the caller's own: nothing writes to it afterwards.
   */
  encode(rows: RowSource, shape: RowShape, maxBytes?: number): AsyncGenerator<Uint8Array<ArrayBuffer>, Encoded>;
};

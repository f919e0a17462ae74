import type { Readable } from 'node:stream';

/** What was stored: its size and SHA-256 (hex). */
export type Stored = { bytes: number; sha256: string };

/** Where files live: local disk or an S3-compatible store. Keys are slash-separated names without `..`; others are refused. */
export interface Storage {
  /** Stores a whole file; it becomes visible all at once or not at all, and takes the place of an older one of that key. */
  put(key: string, content: Readable | AsyncIterable<Uint8Array> | Uint8Array): Promise<Stored>;
  /**
   * Reads a file, or from byte `start` to byte `end` of it, both included; an `end` beyond the last byte means the last.
   * Throws `StoredFileMissingError` when there is none.
   */
  get(key: string, range?: { start?: number; end?: number }): Promise<Readable>;
  stat(key: string): Promise<{ bytes: number; modifiedAt: Date } | null>;
  /** Removes a file; no error when there is none. */
  remove(key: string): Promise<void>;
  /** Keys that begin with the prefix, in the order of their bytes. */
  list(prefix: string): AsyncIterable<string>;
  /**
   * Removes what uploads under the prefix that began before a time, and were broken off, have left out of sight; resolves to how many. On
   * local disk it is not known what they were for: there all go.
   */
  removeUnfinished(prefix: string, before: Date): Promise<number>;
  /**
   * Where the store itself hands the file out for some minutes, with these headers; it takes `Range`. Only of stores that clients are meant to
   * be sent to.
   */
  downloadUrl?(key: string, headers: { contentType: string; contentDisposition: string }): Promise<string>;
  /** Throws when the store cannot be reached, refuses, or takes no files. */
  check(): Promise<void>;
  close(): Promise<void>;
}

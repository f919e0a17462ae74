import type { CorpusSummary, Encoded, PairFilter } from '@granary/corpus';
import type { PinnedPairs } from './pinned-pairs.ts';

/** What a thread is to make: files of a snapshot's pairs in one format and encoding. All of it can be sent to a thread. */
export type RenderTask = {
  source: PinnedPairs;
  format: string;
  /** Values of the format's options. */
  options: Record<string, unknown>;
  encoding: string;
  ratingDimensions: readonly string[];
  filter: PairFilter;
  maxRows?: number | undefined;
  maxFileBytes?: number | undefined;
  /** One file also where there is no row. */
  evenEmpty?: boolean;
  /** Whether to count the pairs for the card. */
  summarise?: boolean;
};

/** What is known when all files are written: pairs that were read, and their summary if that was asked for. */
export type RenderOutcome = { pairs: number; summary: CorpusSummary | null };

/** To the thread. `databaseUrl` is where it reads the pairs; where it is null, it asks for them with `page-wanted`. */
export type ToThread =
  { kind: 'task'; task: RenderTask; databaseUrl: string | null } | { kind: 'page'; pairs: string[] } | { kind: 'credit'; bytes: number };

/** From the thread: files one after the other, each as its chunks and its end; then `done`, or `failed` at any time. */
export type FromThread =
  | { kind: 'page-wanted' }
  | { kind: 'progress'; pairs: number }
  | { kind: 'file' }
  | { kind: 'chunk'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'file-end'; encoded: Encoded }
  | { kind: 'done'; outcome: RenderOutcome }
  | { kind: 'failed'; error: Error };

/** Bytes that may be on their way at once: a thread waits when so many were sent and not taken yet. */
export const creditBytes = 4 * 1024 * 1024;

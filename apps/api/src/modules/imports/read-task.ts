import type { FilePreview } from './preview.ts';
import type { PreparedRow, RowGround, RowRules } from './prepare-row.ts';

/** What a thread is to read: the first rows of a file, as detected or under given rules, or all rows behind a line. */
export type ReadTask = { ground: RowGround } & (
  { kind: 'preview'; rules: RowRules | null } | { kind: 'rows'; rules: RowRules; afterLine: number }
);

/** To the thread. `bytes` and `end` belong to the opening of that number; those of earlier ones are not wanted any more. */
export type ToThread =
  | { kind: 'task'; task: ReadTask }
  | { kind: 'bytes'; opening: number; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'end'; opening: number }
  | { kind: 'credit'; weight: number };

/** From the thread: `open` asks for the file from its beginning, `taken` for more of it. The last of a task is `done`, `unreadable` or `failed`. */
export type FromThread =
  | { kind: 'open'; opening: number }
  | { kind: 'taken'; opening: number; bytes: number }
  | { kind: 'rows'; rows: PreparedRow[]; weight: number }
  | { kind: 'done'; preview: FilePreview | null }
  | { kind: 'unreadable'; message: string }
  | { kind: 'failed'; error: Error };

/** Bytes of the file that may be on their way to the thread at once. */
export const sourceCreditBytes = 1024 * 1024;
/** What may be on its way from the thread at once, as `weightOf` weighs it: more than the largest batch, so that it reads on while one is written. */
export const rowCreditWeight = 4 * 1024 * 1024;
/** A message stays so small that reading it holds nobody up, unless a single row is larger. */
export const messageWeightMax = 128 * 1024;

/** A row's weight: characters, and what it costs besides them. */
export function weightOf(row: PreparedRow): number {
  const perRow = 200;
  const perNode = 300;
  if (row.nodes === undefined) return perRow + row.issue.message.length + row.issue.excerpt.length;
  return row.nodes.reduce((sum, { text, context }) => sum + perNode + text.length + (context?.length ?? 0), perRow);
}

import * as z from 'zod';
import { ApiError } from '../errors.ts';

/** Opaque cursors: the sort key of the last row, as base64url JSON. */
export function encodeCursor(key: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Reads a cursor back under the list's own schema; one from another list or made up is `cursor_invalid`. */
export function decodeCursor<T extends z.ZodType>(cursor: string | undefined, schema: T): z.output<T> | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new ApiError('cursor_invalid', 'Begin again without a cursor.', { cause: error });
  }
}

/** The commonest key: a time and an id, both descending. */
export const timeAndIdSchema = z.tuple([z.iso.datetime().regex(/^(?!0000)/), z.uuid()]);

/** Cuts a list that was read with one row too many into a page. */
export function toPage<Row, Item>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number | null)[],
  itemOf: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(itemOf), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}

import type { Row, RowSchema } from './snapshot-format.ts';

/** Legal in JSON, but line ends to much of the software that reads files by line (Python's `splitlines` for one). */
const lineEnds = /[\u0085\u2028\u2029]/g;
const hasLineEnd = /[\u0085\u2028\u2029]/;
const escapeLineEnd = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Makes the encoder of one kind of row: a JSON object with exactly the schema's columns, in the schema's order, and a
 * line feed. The same row always gives the same line. Throws when a column is missing.
 */
export function createLineEncoder(schema: RowSchema): (row: Row) => string {
  const columns = Object.keys(schema.shape).map((name, index) => ({ name, prefix: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:` }));
  return (row) => {
    let line = '';
    for (const { name, prefix } of columns) {
      const value = row[name];
      if (value === undefined) throw new Error(`The row ${String(row['id'] ?? '')} has no ${name}`);
      line += prefix + encodeJson(value);
    }
    return `${hasLineEnd.test(line) ? line.replace(lineEnds, escapeLineEnd) : line}}\n`;
  };
}

/** JSON of a value, without spaces, the keys of objects in order. Throws when JSON has no such value. */
export function encodeJson(value: unknown): string {
  // Half a surrogate pair is no text: readers that insist on UTF-8 would refuse the whole file.
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('JSON has no such number');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(',')}]`;
  if (typeof value !== 'object') throw new Error(`JSON has no ${typeof value}`);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${encodeJson(key)}:${encodeJson(item)}`).join(',')}}`;
}

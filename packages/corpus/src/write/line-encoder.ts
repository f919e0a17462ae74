import type { Row, RowSchema } from './snapshot-format.ts';

/** Legal in JSON, but line ends to much of the software that reads files by line (Python's `splitlines` for one). */
const lineEnds = /[\u0085\u2028\u2029]/g;
const escapeLineEnd = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
/** Such a line end, or what may be half a surrogate pair: `JSON.stringify` escapes it. Rare enough to be encoded once more. */
const needsCare = (line: string) => line.includes('\u0085') || line.includes('\u2028') || line.includes('\u2029') || line.includes('\\ud');

/**
 * Makes the encoder of one kind of row: a JSON object with exactly the schema's columns, in the schema's order, and a
 * line feed. The same row always gives the same line. Throws when a column is missing.
 */
export function createLineEncoder(schema: RowSchema): (row: Row) => string {
  const names = Object.keys(schema.shape);
  return (row) => {
    const ordered: Row = {};
    for (const name of names) {
      const value = row[name];
      if (value === undefined) throw new Error(`The row ${String(row['id'] ?? '')} has no ${name}`);
      ordered[name] = typeof value === 'string' || value === null ? value : plain(value, asItIs);
    }
    const line = JSON.stringify(ordered);
    return `${needsCare(line) ? withCare(ordered) : line}\n`;
  };
}

/** JSON of a value, without spaces, the keys of objects in order. Throws when JSON has no such value. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(plain(value, wellFormed));
}

function withCare(ordered: Row): string {
  const fields = Object.entries(ordered).map(([name, value]) => [name, plain(value, wellFormed)]);
  return JSON.stringify(Object.fromEntries(fields)).replace(lineEnds, escapeLineEnd);
}

const asItIs = (text: string) => text;
/** Half a surrogate pair is no text: readers that insist on UTF-8 would refuse the whole file. */
const wellFormed = (text: string) => text.toWellFormed();

/** The value as `JSON.stringify` takes it to always the same text. */
function plain(value: unknown, text: (text: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('JSON has no such number');
    return value;
  }
  if (Array.isArray(value)) return value.length === 0 ? value : value.map((item) => plain(item, text));
  if (typeof value !== 'object') throw new Error(`JSON has no ${typeof value}`);
  const sorted: Row = {};
  for (const key of Object.keys(value).sort()) sorted[text(key)] = plain((value as Row)[key], text);
  return sorted;
}

import { encodeJson } from '../line-encoder.ts';
import type { Row, RowSchema } from '../snapshot-format.ts';
import type { Encoding } from './encoding.ts';
import { encodeText } from './text-lines.ts';

/**
 * Comma-separated values (RFC 4180) in UTF-8 without byte order mark: a line of names first, lines ended by CR LF. A value that is
 * missing is an empty field; an empty text is two quotes, so that the two differ. Lists and objects are their JSON.
 */
export const csvEncoding: Encoding = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  tabular: true,
  encode: (rows, { schema }) => encodeText(rows, createRecordEncoder(schema), `${Object.keys(schema.shape).map(quote).join(',')}\r\n`),
};

function createRecordEncoder(schema: RowSchema): (row: Row) => string {
  const names = Object.keys(schema.shape);
  const field = (row: Row, name: string) => {
    const value = row[name];
    if (value === undefined) throw new Error(`The row ${String(row['id'] ?? '')} has no ${name}`);
    if (value === null) return '';
    return quote(typeof value === 'string' ? value.toWellFormed() : encodeJson(value));
  };
  return (row) => `${names.map((name) => field(row, name)).join(',')}\r\n`;
}

/** Blanks at the ends are quoted too: some readers trim them otherwise. */
function quote(text: string): string {
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

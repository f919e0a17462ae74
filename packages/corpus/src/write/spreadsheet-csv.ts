/**
 * Signs that make a spreadsheet take a cell for a formula, their full-width forms included (OWASP, "CSV injection"). Tabs and line
 * breaks count because spreadsheets skip them.
 */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * One record of a CSV file (RFC 4180) that people open in a spreadsheet, without its line end. Text that would start a formula gets an
 * apostrophe in front, which spreadsheets read as "this is text"; numbers stay as they are. Not for data files, whose values must
 * stay exact: those are written by `encodings/csv.ts`.
 */
export function spreadsheetRecord(values: readonly (string | number)[]): string {
  return values.map(toCell).join(',');
}

function toCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

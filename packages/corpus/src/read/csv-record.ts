/** Where the reading of a record stands at the end of a line. */
export type CsvState = 'complete' | 'open';

/**
 * Collects the fields of one record line by line (RFC 4180: quoted fields may hold line ends and doubled quotes). Kinder
 * than the RFC in one thing: a quote inside an unquoted field, or behind a closing quote, is taken as it stands.
 *
 * Our own, because reading has to go on behind a broken record, with the right line numbers and in bounded memory; the parsers
 * on npm were found to give up the rest of the file there.
 */
export function createCsvRecord(delimiter: string) {
  const fields: string[] = [];
  let field = '';
  let quoted = false;

  return {
    fields,
    /** Adds the next line of the record (without its line end); `open` means that a quoted field goes on. */
    add(text: string): CsvState {
      let at = 0;
      if (quoted) field += '\n';
      for (;;) {
        if (quoted) {
          const close = closingQuote(text, at);
          field += unescape(text.slice(at, close === -1 ? undefined : close));
          if (close === -1) return 'open';
          quoted = false;
          at = close + 1;
        } else if (field === '' && text[at] === '"') {
          quoted = true;
          at += 1;
          continue;
        }
        const next = text.indexOf(delimiter, at);
        field += text.slice(at, next === -1 ? undefined : next);
        fields.push(field);
        field = '';
        if (next === -1) return 'complete';
        at = next + delimiter.length;
      }
    },
  };
}

/** Position of the quote that ends a quoted field; doubled quotes are passed over. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return -1;
}

const unescape = (text: string) => text.replaceAll('""', '"');

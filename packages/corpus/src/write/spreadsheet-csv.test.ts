import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { csvEncoding } from './encodings/csv.ts';
import { encodeAll } from './encodings/encode-for-tests.ts';
import { spreadsheetRecord } from './spreadsheet-csv.ts';

/** The value of a record's only cell, as a reader of RFC 4180 sees it. */
const read = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

describe('CSV for people', () => {
  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠A1',
    '=HYPERLINK("https://example.org","x")',
  ])('%j becomes text', (value) => {
    expect(read(spreadsheetRecord([value]))).toBe(`'${value}`);
  });

  test('numbers and other text stay as they are', () => {
    expect(spreadsheetRecord([-3, 0, 'a=b', ' =b', 'plain', ''])).toBe('-3,0,a=b, =b,plain,');
    expect(spreadsheetRecord(['say "hi"', 'a,b', 'two\nlines'])).toBe('"say ""hi""","a,b","two\nlines"');
  });

  test('no text starts a formula, and none but the apostrophe is added', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const cell = read(spreadsheetRecord([value]));
        expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        expect([value, `'${value}`]).toContain(cell);
      }),
    );
  });
});

test('data files keep a value that starts like a formula exactly', async () => {
  const rows = [{ text: '=1+1' }, { text: '@a' }, { text: '\t-1' }];
  const [file] = await encodeAll(csvEncoding, z.object({ text: z.string() }), [rows]);
  expect(file?.bytes.toString('utf8')).toBe('text\r\n=1+1\r\n@a\r\n"\t-1"\r\n');
});

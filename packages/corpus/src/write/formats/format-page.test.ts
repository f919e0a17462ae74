import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formats } from './formats.ts';

const page = readFileSync(new URL('../../../../docs/dataset-format.md', import.meta.url), 'utf8');

test.each(formats)('docs/dataset-format.md explains every column of $fileName, in order', ({ fileName, columns, schema }) => {
  const section = page.split('\n## ').find((text) => text.startsWith(`\`${fileName}\``)) ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.map((cells) => cells[1])).toEqual(Object.keys(schema.shape).map((column) => `\`${column}\``));
  expect(rows.map((cells) => cells[3])).toEqual(Object.values(columns));
});

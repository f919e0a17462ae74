import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SnapshotFormat } from '../snapshot-format.ts';
import { formats } from '../format-registry.ts';
import { rowJsonSchema } from '../row-json-schema.ts';

const docs = new URL('../../../../../docs/', import.meta.url);
const page = readFileSync(new URL('dataset-format.md', docs), 'utf8');

type JsonSchema = {
  type?: string | string[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  $ref?: string;
};
/** A type as the page words it. */
function typeName({ type, anyOf, items, properties, $ref }: JsonSchema): string {
  if ($ref) return 'tree of messages';
  if (anyOf) return anyOf.map(typeName).join(' or ');
  if (type === 'array') return items?.properties ? `list of \`{${Object.keys(items.properties).join(', ')}}\`` : `list of ${items?.type}s`;
  if (type === 'object') return properties ? 'object' : 'object of numbers';
  return [type].flat().join(' or ');
}

/** The cells of the tables' rows in a format's section of the page whose first is a name. */
const cellsOf = ({ name }: SnapshotFormat, table: string) =>
  (page.split(/\n### /).find((text) => text.startsWith(`\`${name}\``)) ?? '')
    .split('\n\n')
    .filter((part) => part.startsWith(`| ${table} `))
    .flatMap((part) => part.split('\n').filter((line) => line.startsWith('| `')))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));

test.each(formats.map((format) => [format.name, format] as const))(
  'docs/dataset-format.md explains every column of %s, in order',
  (_name, format) => {
    const rows = cellsOf(format, 'Column');
    expect(rows.map(([name]) => name)).toEqual(Object.keys(format.schema.shape).map((column) => `\`${column}\``));
    const { properties = {} } = format.schema.toJSONSchema() as JsonSchema;
    expect(rows.map(([, type]) => type)).toEqual(Object.values(properties).map(typeName));
    expect(rows.map(([, , meaning]) => meaning)).toEqual(Object.values(format.columns));
  },
);

test.each(formats.map((format) => [format.name, format] as const))(
  'docs/dataset-format.md explains every option of %s',
  (_name, format) => {
    const { properties = {} } = format.options.toJSONSchema() as { properties?: Record<string, { default: number; description: string }> };
    expect(cellsOf(format, 'Option').map(([name, fallback, , meaning]) => [name, fallback, meaning])).toEqual(
      Object.entries(properties).map(([name, { default: fallback, description }]) => [`\`${name}\``, String(fallback), description]),
    );
  },
);

test.each(formats.map((format) => [format.name, format] as const))(
  'docs/schema has the schema of %s; else run npm run schemas',
  (name, format) => {
    expect(JSON.parse(readFileSync(new URL(`schema/${name}.schema.json`, docs), 'utf8'))).toEqual(rowJsonSchema(format));
  },
);

test('docs/schema and docs/dataset-format.md tell of no format that there is not', () => {
  const names = formats.map(({ name }) => name);
  expect(readdirSync(new URL('schema/', docs)).sort()).toEqual(names.map((name) => `${name}.schema.json`).sort());
  const section = page.split('\n## ').find((text) => text.startsWith('The formats')) ?? '';
  expect([...section.matchAll(/\n### `([^`]+)`/g)].map(([, name]) => name)).toEqual(names);
});

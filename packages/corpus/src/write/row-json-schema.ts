import type { SnapshotFormat } from './snapshot-format.ts';

type JsonSchema = { $schema?: string; properties: Record<string, object> };

/** JSON Schema (draft 2020-12) of a format's rows, with what each column means. */
export function rowJsonSchema({ title, description, schema, columns }: Omit<SnapshotFormat, 'options' | 'open'>): Record<string, unknown> {
  const { $schema, properties, ...rest } = schema.toJSONSchema() as JsonSchema;
  const explained = Object.entries(properties).map(([name, property]) => [name, { ...property, description: columns[name] }]);
  return { $schema, title, description, ...rest, properties: Object.fromEntries(explained) as unknown };
}

import type { SchemaElement } from 'hyparquet';
import type { Column, ColumnType } from './column-types.ts';

/** Columns as Parquet's schema tells them: a tree, parents before children. */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(({ name, type }) => elementsOf(name, type))];
}

function elementsOf(name: string, type: ColumnType): SchemaElement[] {
  const repetition_type = type.nullable ? 'OPTIONAL' : 'REQUIRED';
  switch (type.kind) {
    case 'string':
      return [{ name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }];
    case 'integer':
      return [{ name, repetition_type, type: 'INT64' }];
    case 'number':
      return [{ name, repetition_type, type: 'DOUBLE' }];
    case 'boolean':
      return [{ name, repetition_type, type: 'BOOLEAN' }];
    case 'list':
      return [
        { name, repetition_type, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', type.items),
      ];
    case 'struct':
      return [
        { name, repetition_type, num_children: type.fields.length },
        ...type.fields.flatMap((field) => elementsOf(field.name, field.type)),
      ];
  }
}

/** Most integers are small and come again and again. */
const smallIntegers = Array.from({ length: 1024 }, (_, value) => BigInt(value));

/** A value as the writer of Parquet takes it: integers of 64 bits are bigint, what is missing is null. */
export function toPhysical(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'integer':
      return smallIntegers[value as number] ?? BigInt(value as number);
    case 'list':
      return (value as unknown[]).map((item) => toPhysical(item, type.items));
    case 'struct':
      return Object.fromEntries(type.fields.map((field) => [field.name, toPhysical((value as Row)[field.name], field.type)]));
    default:
      return value;
  }
}
type Row = Record<string, unknown>;

import type { Column, ColumnType } from './column-types.ts';
import type { Leaf, LeafWriter } from './parquet-leaf.ts';
import type { ThriftStruct } from './parquet-thrift.ts';
import type { Scalar } from './parquet-values.ts';
import { valueTypes } from './parquet-values.ts';

/** Columns as Parquet's schema tells them (`SchemaElement`): a tree, parents before children. */
export function parquetSchema(columns: readonly Column[]): ThriftStruct[] {
  return [group('schema', undefined, columns.length), ...columns.flatMap(({ name, type }) => elementsOf(name, type))];
}

const repetitions = { required: 0, optional: 1, repeated: 2 };
/** Numbers in `ConvertedType` and in `LogicalType`; older readers know the first only. */
const textTypes = { converted: 0, logical: 1 };
const listTypes = { converted: 3, logical: 3 };

function elementsOf(name: string, type: ColumnType): ThriftStruct[] {
  const repetition = type.nullable ? repetitions.optional : repetitions.required;
  if (type.kind === 'list')
    return [
      [...group(name, repetition, 1), ...annotated(listTypes)],
      group('list', repetitions.repeated, 1),
      ...elementsOf('element', type.items),
    ];
  if (type.kind === 'struct')
    return [group(name, repetition, type.fields.length), ...type.fields.flatMap((field) => elementsOf(field.name, field.type))];
  const leaf: ThriftStruct = [
    [1, { i32: valueTypes[type.kind].physical }],
    [3, { i32: repetition }],
    [4, name],
  ];
  return [type.kind === 'string' ? [...leaf, ...annotated(textTypes)] : leaf];
}

const group = (name: string, repetition: number | undefined, children: number): ThriftStruct => [
  [3, repetition === undefined ? undefined : { i32: repetition }],
  [4, name],
  [5, { i32: children }],
];

const annotated = ({ converted, logical }: { converted: number; logical: number }): ThriftStruct => [
  [6, { i32: converted }],
  [10, [[logical, []]]],
];

/** Takes a value of a column apart and gives its parts to the leaves; `definition` levels and `repetition` are those of its place. */
export type Shredder = (value: unknown, repetition: number) => void;

/** How values of a column are taken apart, as the Dremel paper describes it. Every leaf is made by `open`, in the schema's order. */
export function createShredder({ name, type }: Column, open: (leaf: Leaf) => LeafWriter): Shredder {
  return shredderOf(type, { path: [name], definition: 0, repetition: 0 }, open).shred;
}

type Place = { path: readonly string[]; definition: number; repetition: number };
/** `miss` is for what lies beneath something that is missing, and tells how much of the path was there. */
type Part = { shred: Shredder; miss: (repetition: number, definition: number) => void };

function shredderOf(type: ColumnType, place: Place, open: (leaf: Leaf) => LeafWriter): Part {
  const definition = place.definition + Number(type.nullable);
  const part = partOf(type, { ...place, definition }, open);
  return {
    miss: part.miss,
    shred(value, repetition) {
      if (value !== null && value !== undefined) return part.shred(value, repetition);
      if (!type.nullable) throw new Error(`${place.path.join('.')} lacks a value`);
      part.miss(repetition, place.definition);
    },
  };
}

function partOf(type: ColumnType, place: Place, open: (leaf: Leaf) => LeafWriter): Part {
  if (type.kind === 'list') return listOf(type.items, place, open);
  if (type.kind === 'struct') return structOf(type.fields, place, open);
  const leaf = open({ path: place.path, kind: type.kind, maxDefinition: place.definition, maxRepetition: place.repetition });
  return {
    shred: (value, repetition) => leaf.put(value as Scalar, repetition),
    miss: (repetition, definition) => leaf.putNothing(repetition, definition),
  };
}

function structOf(fields: readonly Column[], place: Place, open: (leaf: Leaf) => LeafWriter): Part {
  const parts = fields.map(({ name, type }) => ({ name, ...shredderOf(type, { ...place, path: [...place.path, name] }, open) }));
  return {
    shred(value, repetition) {
      for (const { name, shred } of parts) shred((value as Record<string, unknown>)[name], repetition);
    },
    miss(repetition, definition) {
      for (const { miss } of parts) miss(repetition, definition);
    },
  };
}

function listOf(items: ColumnType, { path, definition, repetition: outer }: Place, open: (leaf: Leaf) => LeafWriter): Part {
  const own = outer + 1;
  const { shred, miss } = shredderOf(items, { path: [...path, 'list', 'element'], definition: definition + 1, repetition: own }, open);
  return {
    miss,
    shred(value, repetition) {
      const list = value as readonly unknown[];
      if (list.length === 0) miss(repetition, definition);
      for (const [index, item] of list.entries()) shred(item, index === 0 ? repetition : own);
    },
  };
}

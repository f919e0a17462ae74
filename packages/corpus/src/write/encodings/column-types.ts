import type { RowShape } from './encoding.ts';

/** The type of a column, or of a part of one. `null` is a value of those that are `nullable`. */
export type ColumnType = { nullable: boolean } & (
  { kind: 'string' | 'integer' | 'number' | 'boolean' } | { kind: 'list'; items: ColumnType } | { kind: 'struct'; fields: Column[] }
);
export type Column = { name: string; type: ColumnType };

type JsonSchema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
};

/**
 * The typed columns of a format's rows, in order, derived from their schema: the only place that does. Objects with free keys
 * (`ratings`) become structs of the rating dimensions that occur; where none does there is no such column, as a struct needs fields.
 * Throws, with the column's name, where rows fit no columns.
 */
export function columnsOf({ schema, ratingDimensions }: RowShape): Column[] {
  return fieldsOf(schema.toJSONSchema() as JsonSchema, '', ratingDimensions);
}

function fieldsOf(schema: JsonSchema, path: string, ratingDimensions: readonly string[]): Column[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const type = typeOf(property, `${path}${name}`, ratingDimensions);
    if (type.kind === 'struct' && type.fields.length === 0) return [];
    return { name, type: required.has(name) ? type : { ...type, nullable: true } };
  });
}

function typeOf(schema: JsonSchema, path: string, ratingDimensions: readonly string[]): ColumnType {
  const choices = (schema.anyOf ?? [schema]).flatMap((choice) =>
    [choice.type ?? typeof (choice.const ?? choice.enum?.[0])].flat().map((type) => ({ ...choice, type })),
  );
  const nullable = choices.some(({ type }) => type === 'null');
  const kinds = new Map(choices.filter(({ type }) => type !== 'null').map((choice) => [choice.type, choice]));
  const [choice] = kinds.values();
  if (choice === undefined || kinds.size > 1) throw new Error(`The column ${path} has values of several types`);
  const { type } = choice;
  if (type === 'string' || type === 'integer' || type === 'number' || type === 'boolean') return { kind: type, nullable };
  if (type === 'array' && choice.items) return { kind: 'list', nullable, items: typeOf(choice.items, `${path}[]`, ratingDimensions) };
  if (type !== 'object') throw new Error(`The column ${path} has no type that columns can have: ${type}`);
  if (choice.properties) return { kind: 'struct', nullable, fields: fieldsOf(choice, `${path}.`, ratingDimensions) };
  if (typeof choice.additionalProperties !== 'object') throw new Error(`The column ${path} holds objects of any kind`);
  const value = typeOf(choice.additionalProperties, `${path}.*`, ratingDimensions);
  return { kind: 'struct', nullable, fields: ratingDimensions.map((name) => ({ name, type: { ...value, nullable: true } })) };
}

import * as contract from '@granary/contract';
import * as z from 'zod';

export type JsonSchema = { [key: string]: unknown };
type Direction = 'input' | 'output';

const anySchema = z.record(z.string(), z.unknown());
const convertedSchema = z.object({ properties: z.object({ root: anySchema }), $defs: z.record(z.string(), anySchema).default({}) });
const componentPath = '#/components/schemas/';

/**
 * Every record the contract exports as `somethingSchema` becomes a component called `Something`. Those whose shape differs
 * between what is sent and what is answered (defaults make fields optional in the one and certain in the other) are
 * there twice, the sent one as `SomethingInput`.
 */
function namedSchemas(): Map<z.ZodType, string> {
  const names = new Map<z.ZodType, string>();
  for (const [exported, value] of Object.entries(contract)) {
    if (!exported.endsWith('Schema') || !(value instanceof z.ZodType) || !isWorthAName(value)) continue;
    names.set(value, exported.charAt(0).toUpperCase() + exported.slice(1, -'Schema'.length));
  }
  return names;
}

/** Plain strings and numbers are clearer where they stand. */
function isWorthAName(schema: z.ZodType): boolean {
  return (
    schema instanceof z.ZodObject ||
    schema instanceof z.ZodEnum ||
    schema instanceof z.ZodDiscriminatedUnion ||
    schema instanceof z.ZodUnion
  );
}

/** Adds the component names to what zod knows about a schema already (examples, descriptions). */
class ComponentRegistry extends z.core.$ZodRegistry<Record<string, unknown>> {
  readonly #names: ReadonlyMap<z.core.$ZodType, string>;
  constructor(names: ReadonlyMap<z.core.$ZodType, string>) {
    super();
    this.#names = names;
  }
  override get(schema: z.core.$ZodType): Record<string, unknown> | undefined {
    const id = this.#names.get(schema);
    const known = z.globalRegistry.get(schema);
    return id === undefined ? known : { ...known, id };
  }
  override has(schema: z.core.$ZodType): boolean {
    return this.#names.has(schema) || z.globalRegistry.has(schema);
  }
}

export type SchemaWriter = {
  /** JSON Schema (2020-12) of a zod schema, with references to components. */
  write(schema: z.ZodType, direction: Direction): JsonSchema;
  /** Every component that was referred to so far. */
  components(): Record<string, JsonSchema>;
};

export function createSchemaWriter(): SchemaWriter {
  const names = namedSchemas();
  const registry = new ComponentRegistry(names);
  const byName = new Map([...names].map(([schema, name]) => [name, schema]));
  const written: Record<string, JsonSchema> = {};

  // Wrapped, so that a schema which has a name itself comes out as a reference too.
  const convert = (schema: z.ZodType, io: Direction) =>
    convertedSchema.parse(z.toJSONSchema(z.object({ root: schema }), { metadata: registry, io, override: simplify }));

  const isSameBothWays = memoize((name: string): boolean => {
    const schema = byName.get(name);
    return schema === undefined || JSON.stringify(convert(schema, 'input')) === JSON.stringify(convert(schema, 'output'));
  });
  const componentName = (name: string, io: Direction) =>
    io === 'output' || name.endsWith('Input') || isSameBothWays(name) ? name : `${name}Input`;

  function write(schema: z.ZodType, io: Direction): JsonSchema {
    const { properties, $defs } = convert(schema, io);
    for (const [name, definition] of Object.entries($defs)) {
      const { id: _, ...rest } = definition;
      written[componentName(name, io)] ??= pointToComponents(rest, io);
    }
    return pointToComponents(properties.root, io);
  }

  function pointToComponents(value: JsonSchema, io: Direction): JsonSchema {
    return JSON.parse(JSON.stringify(value), (key, item: unknown) =>
      key === '$ref' && typeof item === 'string' && item.startsWith('#/$defs/')
        ? componentPath + componentName(item.slice('#/$defs/'.length), io)
        : item,
    ) as JsonSchema;
  }

  return {
    write,
    components: () => Object.fromEntries(Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/**
 * Answers may gain fields without notice, and fields that are not known in a request are ignored, so neither is closed.
 * What a format or a type says already is not said again.
 */
function simplify({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  const drop = (key: string) => Reflect.deleteProperty(jsonSchema, key);
  if (jsonSchema['additionalProperties'] === false) drop('additionalProperties');
  if (['date-time', 'date', 'uuid', 'email'].includes(String(jsonSchema['format']))) drop('pattern');
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) drop('minimum');
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) drop('maximum');
}

function memoize<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as T;
  };
}

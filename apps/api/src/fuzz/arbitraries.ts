import fc from 'fast-check';
import * as z from 'zod';

/** Values that a field of this name should mostly have, because something exists under them: a dataset, a category, a language. */
export type Hints = Readonly<Record<string, readonly unknown[]>>;

/** Any character but NUL and halves of pairs. fast-check's own `binary` takes seconds to map them all. */
const character = fc
  .oneof(fc.integer({ min: 1, max: 0x7f }), fc.integer({ min: 1, max: 0xd7_ff }), fc.integer({ min: 0xe0_00, max: 0x10_ff_ff }))
  .map((point) => String.fromCodePoint(point));
const wellFormed = fc.string({ unit: character, maxLength: 60 });
const words = fc
  .array(fc.constantFrom('granary', 'stones', 'keep', 'rats', 'out', 'of', 'the', 'grain', 'straße', '穀倉', '🌾', "l'eau"), {
    minLength: 4,
    maxLength: 12,
  })
  .map((list) => list.join(' '));
const anyText = fc.oneof({ weight: 3, arbitrary: words }, { weight: 1, arbitrary: wellFormed });

/** To build one takes longer than to draw from it. */
const known = new WeakMap<Hints, Map<z.core.$ZodType, Map<string, fc.Arbitrary<unknown>>>>();

/**
 * Values that a schema of the contract takes, as a client sends them. `hints` are asked by the name of a field. Throws for a kind
 * of schema that it does not know, so that no input goes untested.
 */
export function arbitraryOf(schema: z.core.$ZodType, hints: Hints, name = ''): fc.Arbitrary<unknown> {
  const ofHints = known.get(hints) ?? new Map<z.core.$ZodType, Map<string, fc.Arbitrary<unknown>>>();
  const ofSchema = ofHints.get(schema) ?? new Map<string, fc.Arbitrary<unknown>>();
  known.set(hints, ofHints.set(schema, ofSchema));
  const found = ofSchema.get(name) ?? withHint(schema, hints, name);
  ofSchema.set(name, found);
  return found;
}

function withHint(schema: z.core.$ZodType, hints: Hints, name: string): fc.Arbitrary<unknown> {
  const made = build(schema, hints, name);
  const fitting = hints[name]?.filter((value) => z.safeParse(schema, value).success) ?? [];
  return fitting.length === 0 ? made : fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: made });
}

function build(schema: z.core.$ZodType, hints: Hints, name: string): fc.Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const inner = (part: z.core.$ZodType) => arbitraryOf(part, hints, name);
  switch (def.type) {
    case 'string':
      return stringOf(schema);
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'object':
      return objectOf(def.shape, hints);
    case 'array': {
      const { minItems = 0, maxItems = 3 } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
      return fc.array(inner(def.element), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 3) });
    }
    case 'record':
      return fc.dictionary(arbitraryOf(def.keyType, hints, `${name}{}`) as fc.Arbitrary<string>, inner(def.valueType), { maxKeys: 3 });
    case 'union':
      return fc.oneof(...def.options.map(inner));
    case 'optional':
    case 'default':
      return fc.option(inner(def.innerType), { nil: undefined });
    case 'nullable':
      return fc.option(inner(def.innerType), { nil: null });
    case 'pipe':
      return inner((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in);
    default:
      throw new Error(`No values are known for a schema of the kind "${def.type}"${name ? ` (${name})` : ''}.`);
  }
}

function objectOf(shape: Readonly<Record<string, z.core.$ZodType>>, hints: Hints): fc.Arbitrary<unknown> {
  return fc
    .record(Object.fromEntries(Object.entries(shape).map(([key, field]) => [key, arbitraryOf(field, hints, key)])))
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)));
}

function numberOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { type, minimum = -1_000, maximum = 1_000 } = z.toJSONSchema(schema, { io: 'input' });
  return type === 'integer' ? fc.integer({ min: minimum, max: maximum }) : fc.double({ min: minimum, max: maximum, noNaN: true });
}

function stringOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const examples = (json.examples ?? []).filter((value) => typeof value === 'string');
  const shaped = shapedStrings(json.format, json.pattern);
  const longEnough = anyText.map((value) => value.padEnd(json.minLength ?? 0, ' and so on').slice(0, json.maxLength ?? 200));
  const fits = (value: unknown) => z.safeParse(schema, value).success;
  const candidates = [...(examples.length > 0 ? [fc.constantFrom(...examples)] : []), shaped ?? longEnough];
  return fc.oneof(...candidates).filter(fits);
}

function shapedStrings(format: string | undefined, pattern: string | undefined): fc.Arbitrary<string> | undefined {
  if (format === 'uuid') return fc.uuid();
  if (format === 'email') return fc.stringMatching(/^[a-z]{3,12}$/).map((name) => `${name}@example.org`);
  if (format === 'uri') return fc.webUrl({ withQueryParameters: true });
  if (format === 'date')
    return fc
      .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10));
  // Patterns with look-ahead are conditions, not shapes.
  if (pattern === undefined || pattern.includes('(?!') || pattern === String.raw`^[^\u0000]*$`) return undefined;
  return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' });
}

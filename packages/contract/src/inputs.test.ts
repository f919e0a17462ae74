import * as z from 'zod';
import { describe, expect, it, test } from 'vitest';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { limits } from './limits.ts';
import { httpUrlSchema, integer, integerInAddress, numberInAddress, scoresSchema, switchInAddressSchema, text } from './primitives.ts';

/** No single string of a request may be longer than this: a draft's texts are the longest. */
const longest = limits.draftTextMax;
const oddStrings = {
  NUL: 'NUL\u0000NUL',
  'a high surrogate alone': 'high \ud83d',
  'a low surrogate alone': '\ude00 low',
  'no bound': 'x'.repeat(longest + 1),
};
/** Inside an address, where a format would refuse the strings above for their shape alone. */
const oddAddresses = Object.values(oddStrings).map((odd) => `https://example.org/${odd}`);
const oddNumbers = { 'above a database integer': 2 ** 31, 'below a database integer': -(2 ** 31) - 1, Infinity, NaN };

type Finding = `${string}: ${string}`;

/** Everything an input schema takes that it should not, by the path of the schema. */
function findings(schema: z.core.$ZodType, path: string): Finding[] {
  const walkOn = (inner: z.core.$ZodType, step = '') => findings(inner, path + step);
  const accepted = (odd: Record<string, unknown>): Finding[] =>
    Object.entries(odd).flatMap(([name, value]) => (z.safeParse(schema, value).success ? [`${path}: takes ${name}` as const] : []));
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return accepted({
        ...oddStrings,
        ...Object.fromEntries(oddAddresses.map((address) => [JSON.stringify(address.slice(0, 40)), address])),
      });
    case 'number':
      return accepted(oddNumbers);
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'null':
      return [];
    case 'object':
      return [
        ...Object.entries(def.shape).flatMap(([key, field]) => walkOn(field, `.${key}`)),
        ...(def.catchall === undefined ? [] : walkOn(def.catchall, '.*')),
      ];
    case 'array':
      return [
        ...walkOn(def.element, '[]'),
        ...(boundOf(schema).maxItems === undefined ? [`${path}: takes any number of items` as const] : []),
      ];
    case 'record':
      return [
        ...walkOn(def.keyType, '{}'),
        ...walkOn(def.valueType, '{}'),
        ...(boundOf(schema).maxProperties === undefined ? [`${path}: takes any number of keys` as const] : []),
      ];
    case 'union':
      return def.options.flatMap((option, index) => walkOn(option, `|${index}`));
    case 'optional':
    case 'nullable':
    case 'default':
      return walkOn(def.innerType);
    case 'pipe':
      // What a preprocessing step hands on is checked behind it.
      return walkOn((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in);
    default:
      return [`${path}: is of a kind no test knows (${def.type})`];
  }
}

const boundOf = (schema: z.core.$ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

const rows = Object.entries(endpoints).flatMap(([noun, verbs]) =>
  Object.entries(verbs as Record<string, Endpoint>).map(([verb, endpoint]) => ({ id: `${noun}.${verb}`, endpoint })),
);

describe('every input of the contract', () => {
  it.each(rows)('$id: has only bounded, storable strings, numbers, lists and records', ({ endpoint }) => {
    const found = (['params', 'query', 'body'] as const).flatMap((part) => {
      const schema = endpoint[part];
      return schema === undefined ? [] : findings(schema, part);
    });
    expect(found).toEqual([]);
  });

  it.each(rows)('$id: has a schema for every parameter of its path', ({ endpoint }) => {
    const named = [...endpoint.path.matchAll(/:(\w+)|(\*)$/g)].map(([, name, rest]) => name ?? rest);
    expect(Object.keys(endpoint.params?.shape ?? {}).sort()).toEqual(named.sort());
  });
});

describe('the walk itself', () => {
  it.each([
    ['a bare string', z.string()],
    ['a bounded string that may hold NUL', z.string().max(10)],
    ['an address that may hold NUL', z.url().max(2_000)],
    ['a bare number', z.number()],
    ['a whole number beyond a database integer', z.int()],
    ['a number from an address', z.coerce.number().int()],
    ['an endless list', z.array(z.boolean())],
    ['an endless record', z.record(text({ max: 5 }), z.boolean())],
    ['anything', z.unknown()],
    ['open keys', z.object({}).catchall(z.string())],
    [
      'a string behind a default, a transformation and a union',
      z.union([z.boolean(), z.string().transform((value) => [value])]).default(false),
    ],
  ])('finds %s', (_, schema) => {
    expect(findings(schema, 'body')).not.toEqual([]);
  });
});

describe('text', () => {
  it('keeps what was written, whatever the script', () => {
    for (const value of ['  blanks stay ', 'zażółć', '漢字', '👩🏽‍🚀', 'tab\tline\r\n', '\u202eright to left'])
      expect(text({ max: 50 }).parse(value)).toBe(value);
  });
  it('says which rule a value breaks', () => {
    const messageOf = (value: string) =>
      text({ min: 2, max: 4, trim: true })
        .safeParse(value)
        .error?.issues.map(({ message }) => message);
    expect(messageOf('a\u0000b')).toEqual([expect.stringContaining('NUL')]);
    expect(messageOf('a\ud800')).toEqual([expect.stringContaining('surrogate')]);
    expect(messageOf('  a  ')).toEqual(['At least 2 characters']);
    expect(messageOf('abcde')).toEqual(['At most 4 characters']);
  });
  it('keeps blanks where asked, and counts the rest', () => {
    const exact = text({ min: 2, max: 8, exact: true });
    for (const value of ['\t ab \r\n', 'a\r\nb\rc']) expect(exact.parse(value)).toBe(value);
    for (const value of ['    ', ' a \n', '\u00a0\u3000'])
      expect(exact.safeParse(value).error?.issues[0]?.message).toBe('At least 2 characters');
  });
});

test('an address of the web holds no blank and no control character', () => {
  for (const odd of ['\u0000', ' ', '\u001f', '\u007f', '\ud800'])
    expect(httpUrlSchema.safeParse(`https://example.org/a${odd}b`).success).toBe(false);
  // As the URL standard has it: blanks around an address, and line ends in it, come from copying and pasting.
  expect(httpUrlSchema.parse(' https://example.org/a\n/b\n')).toBe('https://example.org/a/b');
  expect(httpUrlSchema.parse('https://example.org/ä?q=%20#x')).toBe('https://example.org/ä?q=%20#x');
});

describe('numbers', () => {
  it('are whole and fit the database', () => {
    for (const odd of [1.5, 2 ** 31, -1, '1', null, NaN]) expect(integer({ min: 0 }).safeParse(odd).success).toBe(false);
    expect(integer({ min: 0 }).parse(2 ** 31 - 1)).toBe(2_147_483_647);
  });
  it('are decimal digits in an address', () => {
    const schema = integerInAddress({ min: 0 });
    for (const odd of ['', ' 1', '1e3', '0x10', '1.5', '+1', 'Infinity', '2147483648', '9'.repeat(400), ['1'], true, {}])
      expect([odd, schema.safeParse(odd).success]).toEqual([odd, false]);
    expect([schema.parse('42'), schema.parse(42)]).toEqual([42, 42]);
    expect(numberInAddress({ min: 1, max: 5 }).parse('4.5')).toBe(4.5);
  });
});

test('a switch in an address is spelled as clients spell it', () => {
  for (const on of ['true', 'True', '1', true]) expect(switchInAddressSchema.parse(on)).toBe(true);
  for (const off of ['false', '0', false]) expect(switchInAddressSchema.parse(off)).toBe(false);
  for (const odd of ['maybe', '', 2, ['true', 'true']]) expect(switchInAddressSchema.safeParse(odd).success).toBe(false);
});

test('scores are for as many dimensions as a dataset may have', () => {
  const scores = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`dimension-${n}`, 3]));
  expect(scoresSchema.safeParse(scores(limits.ratingsMax)).success).toBe(true);
  expect(scoresSchema.safeParse(scores(limits.ratingsMax + 1)).success).toBe(false);
});

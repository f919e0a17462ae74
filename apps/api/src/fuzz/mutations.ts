import fc from 'fast-check';
import { endpointPath, type Endpoint } from '@granary/contract';
import type { Draw } from './draw.ts';
import type { Parts } from './requests.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const huge = (length: number) => 'x'.repeat(length);

/** Values that no field should take, or that a careless one takes badly. */
const oddStrings = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udfffb',
  '\ufeff',
  '\u202e\u2066',
  "'; DROP TABLE users; --",
  '<script>alert(1)</script>',
  '{{7*7}}${7*7}',
  '../../etc/passwd',
  '%00',
  '%',
  '\\',
  '_a'.repeat(900),
  '-'.repeat(33),
  '"'.repeat(31),
  '🌾'.repeat(300),
  'e' + '\u0301'.repeat(500),
  '0000-01-01',
  '9999-12-31',
  'Infinity',
  '1e400',
  '-0',
  '__proto__',
  'null',
  huge(5_000),
  huge(200_001),
];
const oddNumbers = [0, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, -1e-300, 1e21];
const oddValues: Json[] = [...oddStrings, ...oddNumbers, null, true, false, [], {}, [[]], [null], { a: { b: 1 } }];
const oddValue = fc.oneof(fc.constantFrom(...oddValues), fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>);

type Mutation = {
  name: string;
  fits(parts: Parts, endpoint: Endpoint): boolean;
  apply(parts: Parts, draw: Draw, endpoint: Endpoint): Parts;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const hasBody = ({ body }: Parts) => isRecord(body);
const hasFields = ({ body }: Parts) => isRecord(body) && Object.keys(body).length > 0;
const header = (name: string, values: readonly string[]): Mutation => ({
  name: `header ${name}`,
  fits: () => true,
  apply: (parts, draw) => ({ ...parts, headers: { ...parts.headers, [name]: draw(fc.constantFrom(...values)) } }),
});

/** A copy in which one value, at any depth, is what `change` makes of it; `undefined` removes it. */
function changeOne(value: unknown, draw: Draw, change: (value: unknown) => unknown): unknown {
  if (isRecord(value) && Object.keys(value).length > 0) {
    const key = draw(fc.constantFrom(...Object.keys(value)));
    const inner = value[key];
    const goesDown = (isRecord(inner) || Array.isArray(inner)) && draw(fc.boolean());
    return { ...value, [key]: goesDown ? changeOne(inner, draw, change) : change(inner) };
  }
  if (Array.isArray(value) && value.length > 0) {
    const index = draw(fc.nat(value.length - 1));
    return value.with(index, changeOne(value[index], draw, change));
  }
  return change(value);
}

const rawBodies = [
  '',
  '{',
  '[1,',
  '{"a":1}{"b":2}',
  'null',
  '[]',
  '"text"',
  '1',
  'undefined',
  '{"a":\u0000}',
  '\u0000',
  deep(5_000),
  deep(200_000),
  `{"a":${deep(20_000)}}`,
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  `{"${huge(100_000)}":1}`,
  huge(1_100_000),
  '\ufeff{}',
];
const rawSegments = [
  '%00',
  '%ED%A0%80',
  '%',
  '%zz',
  '..',
  '.',
  '..%2f..%2f',
  '%2e%2e',
  '',
  '%20',
  '0',
  '-1',
  '1.5',
  '2147483648',
  '9'.repeat(30),
  'NaN',
  huge(300),
  huge(4_000),
  '%F0%9F%8C%BE',
  "'",
  '*',
  ':id',
  '%5c',
  'a%2fb',
];

const mutations: readonly Mutation[] = [
  {
    name: 'odd value in the body',
    fits: hasFields,
    apply: (parts, draw) => ({ ...parts, body: changeOne(parts.body, draw, () => draw(oddValue)) }),
  },
  {
    name: 'odd text in the body',
    fits: hasFields,
    apply: (parts, draw) => ({ ...parts, body: changeOne(parts.body, draw, () => draw(fc.constantFrom(...oddStrings))) }),
  },
  { name: 'missing field', fits: hasFields, apply: (parts, draw) => ({ ...parts, body: changeOne(parts.body, draw, () => undefined) }) },
  {
    name: 'extra field',
    fits: hasBody,
    apply: (parts, draw) => ({
      ...parts,
      body: { ...(parts.body as object), [draw(fc.constantFrom('extra', 'constructor', 'id', 'role', 'toString'))]: draw(oddValue) },
    }),
  },
  { name: 'body of another kind', fits: hasBody, apply: (parts, draw) => ({ ...parts, body: draw(oddValue) }) },
  {
    name: 'malformed body',
    fits: ({ method }) => method !== 'GET',
    apply: (parts, draw) => ({ ...parts, rawBody: draw(fc.constantFrom(...rawBodies)) }),
  },
  {
    name: 'odd value in the query',
    fits: () => true,
    apply: (parts, draw, { query }) => {
      const name = draw(fc.constantFrom('unknown', ...Object.keys(query?.shape ?? {})));
      const odd = draw(fc.constantFrom(...oddStrings.filter((value) => value.length < 6_000), ...oddNumbers));
      return { ...parts, query: { ...parts.query, [name]: draw(fc.nat(4)) === 0 ? [odd, odd] : odd } };
    },
  },
  {
    name: 'forged cursor',
    fits: (_, { query }) => query !== undefined && 'cursor' in query.shape,
    apply: (parts, draw) => {
      const key = draw(
        fc.array(fc.oneof(oddValue, fc.uuid(), fc.constantFrom('2026-11-23T09:30:00.000Z', '0000-01-01T00:00:00Z', 1, 0)), {
          maxLength: 3,
        }),
      );
      return { ...parts, query: { ...parts.query, cursor: Buffer.from(JSON.stringify(key)).toString('base64url').slice(0, 500) } };
    },
  },
  {
    name: 'odd path',
    fits: (_, { params }) => params !== undefined,
    apply: (parts, draw, { path, params }) => {
      const name = draw(fc.constantFrom(...Object.keys(params?.shape ?? {})));
      const marked = endpointPath(path, { ...parts.params, [name]: 'MARKED' });
      return { ...parts, rawPath: marked.replace('MARKED', () => draw(fc.constantFrom(...rawSegments))) };
    },
  },
  {
    name: 'unknown id',
    fits: ({ params }) => 'id' in params,
    apply: (parts, draw) => ({ ...parts, params: { ...parts.params, id: draw(fc.uuid()) } }),
  },
  {
    name: 'another method',
    fits: () => true,
    apply: (parts, draw) => ({ ...parts, method: draw(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD')) }),
  },
  header('content-type', [
    'text/plain',
    'application/xml',
    'application/json; charset=latin1',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    ';',
    '*/*',
    'application/json;;',
    huge(2_000),
  ]),
  header('if-match', ['', '*', '"', '"0"', '"-1"', '"2147483648"', `"${'9'.repeat(40)}"`, 'W/"1"', '"1", "2"', '"1e3"']),
  header('idempotency-key', ['', 'short', huge(129), 'with blank inside', 'ünïcödé-key', "';--';--", 'a-key-that-comes-again']),
  header('host', ['', 'a b"', 'a"b', '[::1', 'x'.repeat(300), 'host:99999', 'user@host', '..']),
  header('authorization', ['', 'Bearer', 'Bearer grn_', 'Bearer grn_made_up', 'Basic YTpi', `Bearer ${huge(3_000)}`]),
  header('cookie', [
    'granary_access=',
    'granary_access=a.b.c',
    'granary_access=%00',
    'granary_refresh=%ED%A0%80; granary_refresh=x',
    `granary_access=${huge(3_000)}`,
    ';;;=',
  ]),
  header('range', ['bytes=0-', 'bytes=-1', 'bytes=5-1', 'bytes=99999999999999999999-', 'bytes=0-1,2-3', 'items=0-1', 'bytes=-0']),
  header('if-none-match', ['*', '"', 'W/"x"', huge(2_000)]),
  header('content-encoding', ['gzip', 'br', 'deflate', 'x-unknown', 'gzip, gzip', '']),
  header('accept-encoding', ['gzip;q=0', '*;q=0', 'br', 'identity;q=0', ';;']),
  header('sec-fetch-site', ['cross-site', 'same-site', '', 'nonsense']),
  header('x-forwarded-for', ['1.2.3.4', '"', '::', huge(2_000)]),
];

/** Spoils a request in one way, and names it. */
export function mutate(parts: Parts, draw: Draw, endpoint: Endpoint): { parts: Parts; mutation: string } {
  const possible = mutations.filter((mutation) => mutation.fits(parts, endpoint));
  const mutation = draw(fc.constantFrom(...possible));
  return { parts: mutation.apply(parts, draw, endpoint), mutation: mutation.name };
}

import { expect, test } from 'vitest';
import { namedThings } from './named-things.ts';

test.each([
  ['See `apps/api/src/server.ts`.', ['path apps/api/src/server.ts']],
  ['The folder docs/decisions/ holds them, prisma/schema too.', ['path docs/decisions/', 'path prisma/schema']],
  ['[design](docs/architecture.md#layers) and [above](#top) and [site](https://example.org/docs/x.md)', ['link docs/architecture.md']],
  ['[next](../operations.md)', ['link ../operations.md']],
  ['`npm run bench -- submit` then `npm run format:check`', ['script bench', 'script format:check', 'benchmark submit']],
  ['A record is docs/decisions/NNNN-title.md; modules/<noun>/routes.ts; packages/*/src', []],
  ['and/or, apps alone, e2e alone', []],
])('%s', (line, expected) => {
  expect(namedThings(line).map(({ kind, name }) => `${kind} ${name}`)).toEqual(expected);
});

test('tells the line', () => {
  expect(namedThings('\n\n`npm run lint`')).toEqual([{ line: 3, kind: 'script', name: 'lint' }]);
});

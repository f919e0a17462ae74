import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyMutation, parseMutation, readMutations } from './mutations.ts';
import { root } from './project.mjs';

const mutations = readMutations(join(root, 'scripts/mutations'));

test.each(mutations)('$name applies to the code as it is, and its tests exist', (mutation) => {
  const content = readFileSync(join(root, mutation.file), 'utf8');
  expect(applyMutation(mutation, content)).not.toBe(content);
  expect(mutation.tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('there is at least one of each kind that the suite must notice', () => {
  const kinds = ['permission', 'lock', 'transition', 'sql-filter', 'cursor', 'escaping', 'checksum', 'split', 'retry', 'idempotency-key'];
  expect(mutations.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
});

describe('a mutation', () => {
  const text = "kind: lock\nbreaks: It.\nfile: a.ts\nfind: 'b$&c'\nreplace: $1\ntests: [a.test.ts]\n";
  const mutation = parseMutation('example', text);

  test('replaces text as it is written, without patterns', () => {
    expect(applyMutation(mutation, 'a b$&c d')).toBe('a $1 d');
  });

  test('does not apply where the text is missing or ambiguous', () => {
    expect(() => applyMutation(mutation, 'abc')).toThrow('example does not apply: a.ts no longer holds the text to find');
    expect(() => applyMutation(mutation, 'b$&c b$&c b$&c')).toThrow('holds the text to find 3 times');
  });

  test.each([
    ['', 'it must have fields'],
    [text.replace('lock', '1'), 'kind must be text'],
    [text.replace("'b$&c'", "''"), 'find must not be empty'],
    [text.replace('[a.test.ts]', '[]'), 'tests must be a list of test files'],
    [text.replace('$1', () => "'b$&c'"), 'find and replace are the same'],
    [`${text}database: sqlite\n`, 'database must be pglite or postgres'],
    [`${text}databases: pglite\n`, 'there is no field databases'],
  ])('is refused with its file and field: %j', (bad, problem) => {
    expect(() => parseMutation('example', bad)).toThrow(`scripts/mutations/example.yaml: ${problem}`);
  });
});

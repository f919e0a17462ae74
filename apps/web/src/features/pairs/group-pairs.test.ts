import type { Pair } from '@granary/contract';
import { expect, test } from 'vitest';
import { groupPairs } from './group-pairs.ts';

const pair = (id: string, instructionId: string) => ({ id, instructionId }) as Pair;

test('alternatives stand together where the first of them stood, none lost and none twice', () => {
  const pairs = [pair('a', '1'), pair('b', '2'), pair('c', '1'), pair('d', '3'), pair('e', '1')];
  const groups = groupPairs(pairs);
  expect(groups.map(({ first, others }) => [first.id, ...others.map(({ id }) => id)])).toEqual([['a', 'c', 'e'], ['b'], ['d']]);
});

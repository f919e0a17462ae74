import { expect, test } from 'vitest';
import { createSample, drawKey } from './seeded-sample.ts';

test('keeps the smallest keys, in order, and never more than it may', () => {
  const sample = createSample<number>(3);
  const offered: boolean[] = [];
  for (const key of ['e', 'b', 'd', 'f', 'a', 'c']) {
    offered.push(sample.hasRoomFor(key));
    if (sample.hasRoomFor(key)) sample.add(key, key.charCodeAt(0));
    expect(sample.items().length).toBeLessThanOrEqual(3);
  }
  expect(offered).toEqual([true, true, true, false, true, true]);
  expect(String.fromCharCode(...sample.items())).toBe('abc');
});

test('the key of a seed and an id is a fixed hash', () => {
  // printf '7:x' | sha256sum
  expect(drawKey(7, 'x')).toBe('dca015eb66516dadd51679230015357453b1f0fa19f452aeb8257ab795a9e679');
});

import { describe, expect, it } from 'vitest';
import { nextDeliveryAttempt, nextLook, nextWeekly } from './publishing.ts';

describe('nextWeekly', () => {
  // 26 November 2026 is a Thursday.
  it.each([
    ['later the same day', 4, 9, '2026-11-26T08:59:59.999Z', '2026-11-26T09:00:00.000Z'],
    ['on the very hour: a week on', 4, 9, '2026-11-26T09:00:00.000Z', '2026-12-03T09:00:00.000Z'],
    ['the same day, but over', 4, 0, '2026-11-26T08:00:00.000Z', '2026-12-03T00:00:00.000Z'],
    ['Sunday', 7, 23, '2026-11-26T08:00:00.000Z', '2026-11-29T23:00:00.000Z'],
    ['from Sunday to Monday', 1, 0, '2026-11-29T23:59:00.000Z', '2026-11-30T00:00:00.000Z'],
    ['over the end of the year', 5, 12, '2026-12-31T13:00:00.000Z', '2027-01-01T12:00:00.000Z'],
    ['over a leap day', 2, 6, '2028-02-28T07:00:00.000Z', '2028-02-29T06:00:00.000Z'],
  ])('%s', (_, weekday, hour, now, expected) => {
    expect(nextWeekly({ weekday, hour }, new Date(now)).toISOString()).toBe(expected);
  });
});

describe('nextLook', () => {
  const now = new Date('2026-11-26T09:00:00.000Z');
  const look = (mode: 'manual' | 'weekly' | 'approvals', came: 'requested' | 'blocked' | 'nothing') =>
    nextLook({ mode, weekday: 4, hour: 9 }, came, now)?.toISOString() ?? null;
  it.each([
    ['manual', 'requested', null],
    ['weekly', 'requested', '2026-12-03T09:00:00.000Z'],
    ['weekly', 'nothing', '2026-12-03T09:00:00.000Z'],
    ['weekly', 'blocked', '2026-11-26T09:10:00.000Z'],
    ['approvals', 'requested', '2026-11-26T10:00:00.000Z'],
    ['approvals', 'nothing', '2026-11-26T09:05:00.000Z'],
    ['approvals', 'blocked', '2026-11-26T09:10:00.000Z'],
  ] as const)('%s, %s', (mode, came, expected) => expect(look(mode, came)).toBe(expected));
});

it('a delivery is tried nine times over more than a day', () => {
  let now = new Date(0);
  let attempts = 1;
  for (let next = nextDeliveryAttempt(attempts, now); next !== null; next = nextDeliveryAttempt(attempts, now)) {
    expect(next.getTime()).toBeGreaterThan(now.getTime());
    now = next;
    attempts += 1;
  }
  expect(attempts).toBe(9);
  expect(now.getTime() / 3_600_000).toBeGreaterThan(24);
});

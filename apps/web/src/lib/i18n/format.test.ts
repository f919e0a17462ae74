import { describe, expect, it } from 'vitest';
import { formatBytes, formatDate, formatNumber, formatRelative, formatShare } from './format.ts';
import { chooseLocale } from './locale.ts';

const now = Date.parse('2026-11-23T12:00:00Z');

describe('formats', () => {
  it('writes numbers and shares as the language does', () => {
    expect(formatNumber('en', 15_000)).toBe('15,000');
    expect(formatNumber('de', 15_000)).toBe('15.000');
    expect(formatShare('en', 0.256)).toBe('26%');
  });

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1500, '1.5 kB'],
    [2_400_000, '2.4 MB'],
    [7_000_000_000, '7 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes('en', bytes)).toBe(text);
  });

  it.each([
    ['2026-11-23T11:59:50Z', 'now'],
    ['2026-11-23T11:57:00Z', '3 minutes ago'],
    ['2026-11-23T13:00:30Z', 'in 1 hour'],
    ['2026-11-22T11:00:00Z', 'yesterday'],
    ['2026-11-10T12:00:00Z', 'last week'],
    ['2024-11-01T12:00:00Z', '2 years ago'],
  ])('writes %s as %s', (iso, text) => {
    expect(formatRelative('en', iso, now)).toBe(text);
  });

  it('writes dates in the language', () => {
    expect(formatDate('en', '2026-11-23T12:00:00Z')).toBe('Nov 23, 2026');
    expect(formatDate('de', '2026-11-23T12:00:00Z')).toBe('23.11.2026');
  });
});

it('chooses the first language that the page speaks', () => {
  expect(chooseLocale([null, 'fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(chooseLocale(['xx', null])).toBe('en');
});

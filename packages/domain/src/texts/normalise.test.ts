import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from './normalise.ts';

describe('normaliseText', () => {
  it.each([
    ['caf\u0065\u0301\r\nau lait\r', [], 'caf\u0065\u0301\r\nau lait\r'],
    ['caf\u0065\u0301\r\nau lait\r', ['nfc'], 'caf\u00e9\r\nau lait\r'],
    ['caf\u0065\u0301\r\nau lait\r', ['line_ends'], 'caf\u0065\u0301\nau lait\n'],
    ['caf\u0065\u0301\r\nau lait\r', ['nfc', 'line_ends'], 'caf\u00e9\nau lait\n'],
    [' \tkept \n\n', ['nfc', 'line_ends'], ' \tkept \n\n'],
    [`a${'\u0301'.repeat(40)}`, ['nfc'], `a${'\u0301'.repeat(40)}`],
  ] as const)('%j with %j is %j', (text, normalisations, expected) => {
    expect(normaliseText(text, normalisations)).toBe(expected);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normaliseText(text, ['nfc', 'line_ends']);
        expect(normaliseText(once, ['nfc', 'line_ends'])).toBe(once);
      }),
    );
  });
});

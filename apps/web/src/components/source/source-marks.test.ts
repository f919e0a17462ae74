import { hostileTexts } from '@granary/domain/testing';
import { describe, expect, it } from 'vitest';
import { sourcePieces } from './source-marks.ts';

const marked = (text: string) =>
  sourcePieces(text)
    .map(({ text: piece, mark }) => mark ?? piece)
    .join('');

describe('sourcePieces', () => {
  it.each([
    ['a b', 'a·b'],
    ['a\tb\r\nc', 'a→b␍↵c'],
    ['a\u00A0b', 'a⍽b'],
    ['a\u200Bb\u202Ec', 'aU+200BbU+202Ec'],
    ['\u3000全角', 'U+3000全角'],
    ['\u{E0001}', 'U+E0001'],
    ['\u3164', 'U+3164'],
    ['naïve 🌾', 'naïve·🌾'],
    ['', ''],
  ])('%j shows %j', (text, expected) => {
    expect(marked(text)).toBe(expected);
  });

  it('loses no character', () => {
    for (const { text } of hostileTexts(2_000))
      expect(
        sourcePieces(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
  });
});

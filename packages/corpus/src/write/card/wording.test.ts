import { growthOfWork, linearBelow } from '@granary/contract/testing';
import { expect, test } from 'vitest';
import { link, plain } from './wording.ts';

test.each([
  ['Chaff & Co', 'Chaff &amp; Co'],
  ['See https://evil.example/a_b?c=d&e=f.', 'See `https://evil.example/a_b?c=d&e=f`.'],
  ['(HTTP://evil.example)', '\\(`HTTP://evil.example`\\)'],
  ['xwww.evil.example', 'x`www.evil.example`'],
  ['_me_ <me@evil.example>', '\\_me\\_ &lt;`me@evil.example`&gt;'],
  ['mailto:me@evil.example', 'mailto:`me@evil.example`'],
  ['ftp://evil.example|b', '`ftp://evil.example`\\|b'],
  ['`https://evil.example`', '\\``https://evil.example`\\`'],
  ['https://`', '`https://`\\`'],
  ['https://a.example\nwww.b.example', '`https://a.example` `www.b.example`'],
])('an address that would become a link is shown as code: %j', (text, expected) => {
  expect(plain(text)).toBe(expected);
});

test.each(['a', 'www.', 'a@', '@b.', 'https://', 'https://.'])('a long text of %j takes no long time', (part) => {
  expect(growthOfWork(plain, { part, length: 25_000 })).toBeLessThan(linearBelow);
});

test('the text of a link stays text; an address that is none is made no link', () => {
  expect(link('https://example.org/p', 'https://example.org/p')).toBe('[https://example.org/p](<https://example.org/p>)');
  expect(link('www.evil.example', 'javascript:x')).toBe('`www.evil.example` (javascript:x)');
});

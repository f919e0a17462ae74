import { expect, test } from 'vitest';
import { oddTexts, sampleRecord } from '../sample-record.ts';
import { createStatistics } from '../statistics.ts';
import { renderBarChart } from './bar-chart.ts';
import { renderPlots } from './snapshot-plots.ts';

function statisticsOf(...fields: Parameters<typeof sampleRecord>[0][]) {
  const statistics = createStatistics();
  for (const each of fields) statistics.add(sampleRecord(each));
  return statistics.result();
}
/** Of the kind that XML has: what is in brackets is a tag that this code writes. */
const tags = (svg: string) => new Set(Array.from(svg.matchAll(/<\/?([^\s/>]*)/g), ([, name]) => name));

test('there is a picture of categories, languages, lengths and agreement, and what it shows in words', () => {
  const plots = renderPlots(
    statisticsOf({}, { category: 'summarization', language: 'de' }, { agreement: 1 }),
    new Map([['open_qa', 'Open question']]),
  );
  expect(plots.map(({ name }) => name)).toEqual([
    'plots/categories.svg',
    'plots/languages.svg',
    'plots/lengths.svg',
    'plots/agreement.svg',
  ]);
  const [categories, , lengths, agreement] = plots.map(({ svg }) => /<desc[^>]*>(.*)<\/desc>/.exec(svg)?.[1]);
  expect(categories).toBe('Bar chart. Open question: 2 (66.7 %); summarization: 1 (33.3 %).');
  expect(lengths).toContain('Responses: 1 to below 20: 0; 20 to below 50: 3;');
  expect(lengths).not.toContain('Passages');
  expect(agreement).toContain('60 % to below 70 %: 2 (66.7 %)');
  expect(agreement).toContain('100 %: 1 (33.3 %)');
});

test('the same pairs give the same bytes', () => {
  const draw = () => renderPlots(statisticsOf({}, { language: 'de' }), new Map());
  expect(draw()).toEqual(draw());
});

test('without reviews there is nothing to say of their agreement, and nothing at all of no pairs', () => {
  expect(renderPlots(statisticsOf({ agreement: null }), new Map())).toHaveLength(3);
  expect(renderPlots(statisticsOf(), new Map())).toEqual([]);
});

test('beyond thirty, the rest is one bar', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ category: `category_${index}` }));
  const [plot] = renderPlots(statisticsOf(...many), new Map());
  expect(plot?.svg.match(/class="bar"/g)).toHaveLength(30);
  expect(plot?.svg).toContain('11 others: 11 (27.5 %)');
});

test.each([...oddTexts, '<script>alert(1)</script>', '"/><image href="x"/>', ']]>&lt;', '\u0000\ud800', 'ж'.repeat(200)])(
  'no text can break out: %j',
  (text) => {
    const svg = renderBarChart({ title: text, description: text, groups: [{ heading: text, bars: [{ label: text, value: 1, text }] }] });
    expect(tags(svg)).toEqual(new Set(['svg', 'title', 'desc', 'style', 'rect', 'text', 'line']));
    expect(svg.replace(/&(?:amp|lt|gt|quot);/g, '')).not.toContain('&');
    expect(svg).toBe(svg.toWellFormed());
    // oxlint-disable-next-line no-control-regex -- XML has none of these
    expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  },
);

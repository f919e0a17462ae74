import { snapshotStatisticsSchema } from '@granary/contract';
import type { SnapshotRecord } from '@granary/contract';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { oddTexts, sampleRecord } from './sample-record.ts';
import { codePoints } from './statistics.ts';
import { createSummary } from './summary.ts';

function summaryOf(...conversations: Partial<SnapshotRecord>[][]) {
  const summary = createSummary();
  for (const [index, pairs] of conversations.entries())
    // However they are cut into batches.
    for (const fields of pairs) summary.add([sampleRecord({ conversation_id: `conversation ${index}`, ...fields })]);
  return summary.result();
}
const held = (histogram: { from: number; to: number | null; pairs: number }[]) => histogram.filter(({ pairs }) => pairs > 0);

test('everything is counted in its place', () => {
  const { statistics } = summaryOf(
    [
      { category: 'summarization', context: 'x'.repeat(120) },
      { turn: 2, agreement: null, rating: null },
    ],
    [
      {
        split: 'test',
        language: 'de',
        instruction: 'x'.repeat(20),
        response: 'x'.repeat(19),
        agreement: 1,
        rating: 5,
        ai_assistance: 'drafted',
      },
    ],
    [{ split: 'validation', response: 'x'.repeat(20_000), agreement: 0.5, rating: 1 }],
  );
  expect(snapshotStatisticsSchema.parse(statistics)).toEqual(statistics);
  expect(statistics).toMatchObject({
    pairs: 4,
    conversations: 3,
    bySplit: [
      { split: 'train', pairs: 2 },
      { split: 'validation', pairs: 1 },
      { split: 'test', pairs: 1 },
    ],
    byCategory: [
      { category: 'open_qa', pairs: 3 },
      { category: 'summarization', pairs: 1 },
    ],
    byLanguage: [
      { language: 'en', pairs: 3 },
      { language: 'de', pairs: 1 },
    ],
    byTurn: [
      { turn: 1, pairs: 3 },
      { turn: 2, pairs: 1 },
    ],
    notReviewed: 1,
    notRated: 1,
    aiAssistance: { none: 3, wording: 0, drafted: 1 },
  });
  // "What is a granary?" has 18 characters.
  expect(held(statistics.instructionLengths)).toEqual([
    { from: 1, to: 20, pairs: 3 },
    { from: 20, to: 50, pairs: 1 },
  ]);
  expect(held(statistics.responseLengths)).toEqual([
    { from: 1, to: 20, pairs: 1 },
    { from: 20, to: 50, pairs: 2 },
    { from: 10_000, to: null, pairs: 1 },
  ]);
  expect(held(statistics.contextLengths)).toEqual([{ from: 100, to: 200, pairs: 1 }]);
  expect(held(statistics.agreement)).toEqual([
    { from: 0.5, to: 0.6, pairs: 1 },
    { from: 0.6, to: 0.7, pairs: 1 },
    { from: 1, to: null, pairs: 1 },
  ]);
  expect(held(statistics.ratings)).toEqual([
    { from: 1, to: 1.5, pairs: 1 },
    { from: 4, to: 4.5, pairs: 1 },
    { from: 4.5, to: null, pairs: 1 },
  ]);
});

test('the order of the conversations makes no difference, and the result can cross threads', () => {
  const conversations = [
    [{}],
    [{ category: 'summarization' }],
    [{ language: 'de' }, { turn: 2 }],
    [{ origin: 'A' }],
    [{ ratings: { style: 1 } }],
  ];
  const summary = summaryOf(...conversations);
  expect(summaryOf(...conversations.toReversed())).toEqual(summary);
  expect(structuredClone(summary)).toEqual(summary);
  expect(summary).toMatchObject({ counts: { pairs: 6 }, ratingDimensions: ['accuracy', 'clarity', 'style'] });
});

test('nothing is told of nothing', () => {
  const { statistics, approved } = summaryOf();
  expect(approved).toBeNull();
  expect(statistics).toMatchObject({ pairs: 0, conversations: 0, bySplit: [], byCategory: [], byTurn: [] });
  expect(snapshotStatisticsSchema.parse(statistics)).toEqual(statistics);
});

test('the first and the last day are told', () => {
  const { approved } = summaryOf([{ approved_at: '2026-11-02T23:59:59.999Z' }], [{ approved_at: '2025-01-31T00:00:00.000Z' }], [{}]);
  expect(approved).toEqual({ from: '2025-01-31', to: '2026-11-02' });
});

test.each([...oddTexts, '\ud83d', 'a\ude00\ud83d', '🌾'])('length in code points of %j', (text) => {
  expect(codePoints(text)).toBe([...text].length);
});

test('lengths of real texts add up', () => {
  const lines = readFileSync(join(import.meta.dirname, '../../../../fixtures/imports/dolly.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { instruction: string; context: string; response: string });
  const { statistics } = summaryOf(...rows.map(({ instruction, context, response }) => [{ instruction, context, response }]));
  const total = (histogram: { pairs: number }[]) => histogram.reduce((sum, { pairs }) => sum + pairs, 0);
  expect(total(statistics.responseLengths)).toBe(rows.length);
  expect(total(statistics.contextLengths)).toBe(rows.filter(({ context }) => context !== '').length);
  const short = rows.filter(({ instruction }) => Array.from(instruction).length < 50).length;
  expect(total(statistics.instructionLengths.filter(({ to }) => to !== null && to <= 50))).toBe(short);
});

test('every licence and every source is listed, the commonest first, a pair once under each', () => {
  const imported = {
    origin: 'dolly',
    origin_url: 'https://example.org/dolly',
    instruction_licence: 'CC-BY-SA-3.0',
    response_licence: 'CC-BY-SA-3.0',
  };
  const own = { origin: null, origin_url: null, instruction_licence: 'CC-BY-4.0', response_licence: 'CC-BY-4.0', context_licence: null };
  const { statistics } = summaryOf([{ ...imported, context_licence: 'CC0-1.0' }], [{ ...imported, context_licence: null }], [own]);
  expect(statistics.byLicence).toEqual([
    { licence: 'CC-BY-SA-3.0', pairs: 2 },
    { licence: 'CC-BY-4.0', pairs: 1 },
    { licence: 'CC0-1.0', pairs: 1 },
  ]);
  expect(statistics.bySource).toEqual([
    { source: 'dolly', url: 'https://example.org/dolly', pairs: 2 },
    { source: null, url: null, pairs: 1 },
  ]);
});

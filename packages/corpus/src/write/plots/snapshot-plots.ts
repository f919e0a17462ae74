import type { Histogram, SnapshotStatistics } from '@granary/contract';
import { binName, number, percent, share } from '../card/wording.ts';
import { renderBarChart } from './bar-chart.ts';
import type { Bar } from './bar-chart.ts';

export type Plot = { name: string; title: string; svg: string };

/** More bars than this are a table, not a picture. */
const mostBars = 30;

/** The pictures of a snapshot's card; what there is nothing of has none. Each has its table in the card. */
export function renderPlots(statistics: SnapshotStatistics, categoryTitles: ReadonlyMap<string, string>): Plot[] {
  const { pairs, byCategory, byLanguage, agreement, notReviewed } = statistics;
  if (pairs === 0) return [];
  const of = (bars: readonly Bar[]) => bars.map(({ label, text }) => `${label}: ${text}`).join('; ');
  const counted = (label: string, value: number): Bar => ({ label, value, text: `${number(value)} (${percent(value, pairs)})` });
  const chart = (name: string, title: string, bars: readonly Bar[]): Plot => ({
    name: `plots/${name}.svg`,
    title,
    svg: renderBarChart({ title, description: `Bar chart. ${of(bars)}.`, groups: [{ heading: '', bars }] }),
  });
  const plots = [
    chart(
      'categories',
      'Pairs by category',
      fewest(
        byCategory.map(({ category, pairs: count }) => counted(categoryTitles.get(category) ?? category, count)),
        counted,
      ),
    ),
    chart(
      'languages',
      'Pairs by language',
      fewest(
        byLanguage.map(({ language, pairs: count }) => counted(language, count)),
        counted,
      ),
    ),
    lengthsPlot(statistics),
  ];
  if (notReviewed < pairs) {
    const reviewed = pairs - notReviewed;
    const bars = agreement.map((bin) => ({
      label: binName(bin, share, share(1)),
      value: bin.pairs,
      text: `${number(bin.pairs)} (${percent(bin.pairs, reviewed)})`,
    }));
    plots.push(chart('agreement', 'Share of the reviews that approved', bars));
  }
  return plots;
}

function lengthsPlot({ instructionLengths, responseLengths, contextLengths }: SnapshotStatistics): Plot {
  const title = 'Lengths in characters';
  const bars = (histogram: Histogram): Bar[] =>
    histogram.map((bin) => ({ label: binName(bin, number), value: bin.pairs, text: number(bin.pairs) }));
  const groups = [
    { heading: 'Instructions', bars: bars(instructionLengths) },
    { heading: 'Responses', bars: bars(responseLengths) },
    { heading: 'Passages in the context', bars: bars(contextLengths) },
  ].filter(({ bars: ofGroup }) => ofGroup.some(({ value }) => value > 0));
  const told = groups.map(
    ({ heading, bars: ofGroup }) => `${heading}: ${ofGroup.map(({ label, text }) => `${label}: ${text}`).join('; ')}.`,
  );
  return { name: 'plots/lengths.svg', title, svg: renderBarChart({ title, description: `Bar charts. ${told.join(' ')}`, groups }) };
}

/** The commonest, and all others as one bar. */
function fewest(bars: readonly Bar[], counted: (label: string, value: number) => Bar): Bar[] {
  if (bars.length <= mostBars) return [...bars];
  const others = bars.slice(mostBars - 1);
  const rest = others.reduce((sum, { value }) => sum + value, 0);
  return [...bars.slice(0, mostBars - 1), counted(`${others.length} others`, rest)];
}

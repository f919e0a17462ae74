import type { Histogram, Selection } from '@granary/contract';
import type { CardInput } from './card-input.ts';
import { binName, code, counted, number, percent, plain, share, table } from './wording.ts';

/** What the snapshot holds: the counts, each table with its picture. */
export function composition(input: CardInput): string {
  const { summary, selection, withheld } = input;
  const { statistics } = summary;
  const parts = [
    '## Composition',
    `${counted(statistics.pairs, 'approved instruction/response pair')} in ${counted(statistics.conversations, 'conversation')}${described(selection)}. A pair is an instruction, for some with a passage of context that the answer must rest on, and one response to it. Pairs that share \`instruction_id\` are alternatives; those that share \`conversation_id\` are turns or branches of one conversation. A conversation is in one split, whole; a hash of the cluster of near-duplicates that it belongs to settles which, for this snapshot and all later ones.`,
  ];
  if (withheld > 0)
    parts.push(
      `${counted(withheld, 'approved pair')} that the selection would take ${withheld === 1 ? 'is' : 'are'} left out, because ${withheld === 1 ? 'it is a near-duplicate' : 'they are near-duplicates'} of pairs in another split.`,
    );
  parts.push(
    table(
      ['Split', 'Pairs', 'Share'],
      statistics.bySplit.map(({ split, pairs }) => [code(split), number(pairs), percent(pairs, statistics.pairs)]),
    ),
  );
  return [...parts, categories(input), languages(input), turns(input), lengths(input)].join('\n\n');
}

/** The selection in words; empty when it is everything. */
function described({ categories: slugs, languages: codes, minRating, ratedOnly, minRatings, minComparisons, from, to }: Selection): string {
  const parts: string[] = [];
  if (slugs.length > 0) parts.push(`in the categories ${slugs.map(code).join(', ')}`);
  if (codes.length > 0) parts.push(`in the languages ${codes.map(code).join(', ')}`);
  if (minComparisons > 0) parts.push(`compared ${minComparisons} times or more`);
  if (minRatings > 0) parts.push(`rated by ${minRatings} people or more`);
  if (minRating !== null) parts.push(`rated ${minRating} or better${ratedOnly ? '' : ' or not rated'}`);
  else if (ratedOnly) parts.push('that were rated');
  if (from !== null) parts.push(`approved from ${from} on`);
  if (to !== null) parts.push(`approved until ${to}`);
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

/** A picture, where there is one; its table stands below it. */
function picture({ plots }: CardInput, name: string): string[] {
  const found = plots.find((plot) => plot.name === `plots/${name}.svg`);
  return found ? [`![${found.title}: the same figures as in the table](${found.name})`] : [];
}

function categories(input: CardInput): string {
  const { pairs, byCategory } = input.summary.statistics;
  const known = new Map(input.categories.map((category) => [category.slug, category]));
  const rows = byCategory.map(({ category, pairs: count }) => {
    const { title = '', targetCount } = known.get(category) ?? {};
    return [code(category), plain(title), number(count), percent(count, pairs), targetCount === undefined ? '' : number(targetCount)];
  });
  return ['### Categories', ...picture(input, 'categories'), table(['Category', 'Title', 'Pairs', 'Share', 'Wanted'], rows)].join('\n\n');
}

function languages(input: CardInput): string {
  const { pairs, byLanguage } = input.summary.statistics;
  const rows = byLanguage.map(({ language, pairs: count }) => [code(language), number(count), percent(count, pairs)]);
  return ['### Languages', ...picture(input, 'languages'), table(['Language', 'Pairs', 'Share'], rows)].join('\n\n');
}

function turns({ summary: { statistics } }: CardInput): string {
  const rows = statistics.byTurn.map(({ turn, pairs }) => [String(turn), number(pairs)]);
  return ['### Turns', '1 is the first of a conversation; all others follow a response.', table(['Turn', 'Pairs'], rows)].join('\n\n');
}

function lengths(input: CardInput): string {
  const { instructionLengths, responseLengths, contextLengths } = input.summary.statistics;
  const at = (histogram: Histogram, index: number) => number(histogram[index]?.pairs ?? 0);
  const rows = instructionLengths.map((bin, index) => [
    binName(bin, number),
    number(bin.pairs),
    at(responseLengths, index),
    at(contextLengths, index),
  ]);
  return [
    '### Lengths',
    'In Unicode code points; pairs without a passage are in no row of the last column.',
    ...picture(input, 'lengths'),
    table(['Characters', 'Instructions', 'Responses', 'Passages'], rows),
  ].join('\n\n');
}

/** How far reviewers agreed, and how the responses were rated. */
export function agreementAndRatings(input: CardInput): string {
  const { pairs, agreement, notReviewed, ratings, notRated } = input.summary.statistics;
  const parts: string[] = [];
  if (notReviewed < pairs) {
    const reviewed = pairs - notReviewed;
    const rows = agreement.map((bin) => [binName(bin, share, share(1)), number(bin.pairs), percent(bin.pairs, reviewed)]);
    parts.push(
      `Of the reviews that the version in this snapshot had, so many approved; ${counted(notReviewed, 'pair')} had none (a moderator or an import decided):`,
      ...picture(input, 'agreement'),
      table(['Reviews that approved', 'Pairs', 'Share'], rows),
    );
  } else parts.push('None of these pairs was reviewed on the platform: a moderator or an import decided.');
  if (notRated < pairs) {
    const rows = ratings.map((bin) => [bin.to === null ? `${bin.from} to 5` : binName(bin, String), number(bin.pairs)]);
    parts.push(`How the responses were rated, from 1 to 5; ${counted(notRated, 'pair')} had no rating:`, table(['Rating', 'Pairs'], rows));
  }
  return parts.join('\n\n');
}

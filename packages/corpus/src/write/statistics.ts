import type { FullRecord, Histogram, SnapshotStatistics } from '@granary/contract';
import { splits } from '@granary/contract';

/** Where a bin begins; it ends where the next one does, and the last has no end. */
const lengthBins = [1, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
const agreementBins = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const ratingBins = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5];

/** Counts what is told of a snapshot's pairs. Conversations may come in any order, but each whole. Memory is constant. */
export type StatisticsCounter = {
  add(pair: FullRecord): void;
  /** Plain data, which may cross from one thread to another. */
  result(): SnapshotStatistics;
};

export function createStatistics(): StatisticsCounter {
  const bySplit = new Map<string, number>();
  const byCategory = new Map<string, number>();
  const byLanguage = new Map<string, number>();
  const byLicence = new Map<string, number>();
  const bySource = new Map<string | null, { url: string | null; pairs: number }>();
  const byTurn = new Map<number, number>();
  const instructionLengths = createBins(lengthBins);
  const responseLengths = createBins(lengthBins);
  const contextLengths = createBins(lengthBins);
  const agreement = createBins(agreementBins);
  const ratings = createBins(ratingBins);
  const aiAssistance = { none: 0, wording: 0, drafted: 0 };
  let conversations = 0;
  let conversation: string | null = null;
  let pairs = 0;
  let notReviewed = 0;
  let notRated = 0;

  function add(pair: FullRecord): void {
    pairs += 1;
    if (pair.conversation_id !== conversation) conversations += 1;
    conversation = pair.conversation_id;
    increase(bySplit, pair.split);
    increase(byCategory, pair.category);
    increase(byLanguage, pair.language);
    increase(byTurn, pair.turn);
    const licences = [pair.instruction_licence, pair.response_licence, pair.context_licence].filter((licence) => licence !== null);
    for (const licence of new Set(licences)) increase(byLicence, licence);
    const source = bySource.get(pair.origin);
    bySource.set(pair.origin, { url: source?.url ?? pair.origin_url, pairs: (source?.pairs ?? 0) + 1 });
    aiAssistance[pair.ai_assistance] += 1;
    instructionLengths.add(codePoints(pair.instruction));
    responseLengths.add(codePoints(pair.response));
    if (pair.context !== '') contextLengths.add(codePoints(pair.context));
    if (pair.agreement === null) notReviewed += 1;
    else agreement.add(pair.agreement);
    if (pair.rating === null) notRated += 1;
    else ratings.add(pair.rating);
  }

  return {
    add,
    result: () => ({
      pairs,
      conversations,
      bySplit: splits.flatMap((split) => {
        const count = bySplit.get(split);
        return count === undefined ? [] : [{ split, pairs: count }];
      }),
      byCategory: commonestFirst(byCategory).map(([category, count]) => ({ category, pairs: count })),
      byLanguage: commonestFirst(byLanguage).map(([language, count]) => ({ language, pairs: count })),
      byLicence: commonestFirst(byLicence).map(([licence, count]) => ({ licence, pairs: count })),
      bySource: [...bySource]
        .map(([source, known]) => ({ source, ...known }))
        .sort((a, b) => b.pairs - a.pairs || (a.source ?? '').localeCompare(b.source ?? '', 'en')),
      byTurn: [...byTurn].sort(([a], [b]) => a - b).map(([turn, count]) => ({ turn, pairs: count })),
      instructionLengths: instructionLengths.result(),
      responseLengths: responseLengths.result(),
      contextLengths: contextLengths.result(),
      agreement: agreement.result(),
      notReviewed,
      ratings: ratings.result(),
      notRated,
      aiAssistance: { ...aiAssistance },
    }),
  };
}

const beyondTheFirstPlane = /[\ud800-\udbff][\udc00-\udfff]/;

/**
 * Length in Unicode code points; half a surrogate pair counts as one. Most texts have no character that takes two units: the
 * expression tells at once for those that hold nothing beyond Latin-1, and no text is split into a list.
 */
export function codePoints(text: string): number {
  let length = text.length;
  if (!beyondTheFirstPlane.test(text)) return length;
  for (let index = 0; index < text.length - 1; index += 1) {
    if ((text.charCodeAt(index) & 0xfc00) !== 0xd800 || (text.charCodeAt(index + 1) & 0xfc00) !== 0xdc00) continue;
    length -= 1;
    index += 1;
  }
  return length;
}

/** Values below the first bin are counted in it. */
function createBins(starts: readonly number[]) {
  const counts = starts.map(() => 0);
  return {
    add(value: number): void {
      let bin = 0;
      while (bin + 1 < starts.length && value >= (starts[bin + 1] ?? Infinity)) bin += 1;
      counts[bin] = (counts[bin] ?? 0) + 1;
    },
    result: (): Histogram => starts.map((from, bin) => ({ from, to: starts[bin + 1] ?? null, pairs: counts[bin] ?? 0 })),
  };
}

const increase = <Key>(counts: Map<Key, number>, key: Key) => void counts.set(key, (counts.get(key) ?? 0) + 1);
const commonestFirst = (counts: Map<string, number>) => [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));

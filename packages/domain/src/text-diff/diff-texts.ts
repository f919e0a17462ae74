import { findKeptRuns, type KeptRun } from './kept-runs.ts';
import { tokensOf, type TokenUnit } from './tokens.ts';

/** Part of a text that both texts have, or only the one before, or only the one after. */
export type TextDiffPart = { kind: 'kept' | 'removed' | 'added'; text: string };
/**
 * What changed between two texts, and the unit they were compared by. `passage` compares nothing between the first paragraph that
 * differs and the last. Kept and removed parts joined are the text before; kept and added parts joined the text after.
 */
export type TextDiff = { unit: TokenUnit | 'passage'; parts: TextDiffPart[] };

const units: readonly TokenUnit[] = ['word', 'sentence', 'paragraph'];
/** Steps for each unit that is tried: well under a second, and 20 MB. */
const maxStepsPerUnit = 5_000_000;
/** UTF-16 units. Two texts that are no longer together are always compared by word: the square of this is within the steps. */
export const alwaysByWordLength = 2_000;

/** Compares two texts word by word; where that takes more than `maxSteps`, by sentence, by paragraph, or not at all. */
export function diffTexts(before: string, after: string, { maxSteps = maxStepsPerUnit } = {}): TextDiff {
  for (const unit of units) {
    const [tokensBefore, tokensAfter] = [tokensOf(before, unit), tokensOf(after, unit)];
    const number = numberer();
    const runs = findKeptRuns(number(tokensBefore), number(tokensAfter), maxSteps);
    if (runs !== null) return { unit, parts: partsOf(tokensBefore, tokensAfter, runs) };
  }
  return replacePassage(before, after);
}

/** Shows everything from the first paragraph that differs to the last as replaced. Quick for any texts. */
export function replacePassage(before: string, after: string): TextDiff {
  const [tokensBefore, tokensAfter] = [tokensOf(before, 'paragraph'), tokensOf(after, 'paragraph')];
  const shorter = Math.min(tokensBefore.length, tokensAfter.length);
  let head = 0;
  while (head < shorter && tokensBefore[head] === tokensAfter[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && tokensBefore.at(-1 - tail) === tokensAfter.at(-1 - tail)) tail += 1;
  const runs = [
    { before: 0, after: 0, length: head },
    { before: tokensBefore.length - tail, after: tokensAfter.length - tail, length: tail },
  ];
  return { unit: 'passage', parts: partsOf(tokensBefore, tokensAfter, runs) };
}

/** Gives equal tokens equal numbers, so that comparing two takes the same time however long they are. */
function numberer(): (tokens: string[]) => Int32Array {
  const numbers = new Map<string, number>();
  return (tokens) =>
    Int32Array.from(tokens, (token) => {
      const number = numbers.get(token) ?? numbers.size;
      numbers.set(token, number);
      return number;
    });
}

function partsOf(before: string[], after: string[], runs: KeptRun[]): TextDiffPart[] {
  const parts: TextDiffPart[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    if (removed !== '') parts.push({ kind: 'removed', text: removed });
    if (added !== '') parts.push({ kind: 'added', text: added });
    [removed, added] = ['', ''];
  };
  const gaps = gapsBetween(before, after, runs);
  for (const [index, gap] of gaps.entries()) {
    removed += gap.removed;
    added += gap.added;
    const run = runs[index];
    const kept = run === undefined ? '' : after.slice(run.after, run.after + run.length).join('');
    // A blank between two replaced words is replaced with them: one passage struck out and one put in read better than a word of each in turn.
    if (isBlank(kept) && isReplaced(gap) && isReplaced(gaps[index + 1])) {
      removed += kept;
      added += kept;
    } else if (kept !== '') {
      flush();
      const last = parts.at(-1);
      if (last?.kind === 'kept') last.text += kept;
      else parts.push({ kind: 'kept', text: kept });
    }
  }
  flush();
  return parts;
}

type Gap = { removed: string; added: string };
/** What is before each run, and after the last. */
function gapsBetween(before: string[], after: string[], runs: KeptRun[]): Gap[] {
  const ends = [...runs, { before: before.length, after: after.length, length: 0 }];
  return ends.map((end, index) => {
    const { before: fromBefore, after: fromAfter, length } = runs[index - 1] ?? { before: 0, after: 0, length: 0 };
    return {
      removed: before.slice(fromBefore + length, end.before).join(''),
      added: after.slice(fromAfter + length, end.after).join(''),
    };
  });
}
const isReplaced = (gap: Gap | undefined) => gap !== undefined && gap.removed !== '' && gap.added !== '';
const isBlank = (text: string) => /^[^\S\r\n]+$/.test(text);

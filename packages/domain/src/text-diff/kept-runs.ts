/** Tokens that both lists have in common, in one piece: where it begins in each, and how many they are. */
export type KeptRun = { before: number; after: number; length: number };

/**
 * Finds what a shortest edit script from one list to the other keeps, in order, by the greedy algorithm of Myers (1986).
 * Its work is the number of diagonals it visits and of tokens it matches on them; returns null as soon as that exceeds
 * `maxSteps`. Memory is four bytes for each diagonal visited. The ends that both lists share cost one step a token
 * and are not counted.
 */
export function findKeptRuns(before: Int32Array, after: Int32Array, maxSteps: number): KeptRun[] | null {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const middle = keptInMiddle(before.subarray(head, before.length - tail), after.subarray(head, after.length - tail), maxSteps);
  if (middle === null) return null;
  return [
    { before: 0, after: 0, length: head },
    ...middle.map((run) => ({ before: run.before + head, after: run.after + head, length: run.length })),
    { before: before.length - tail, after: after.length - tail, length: tail },
  ].filter(({ length }) => length > 0);
}

/** How far the paths of one edit length have come: for every second diagonal from `lowest`, their place in `before`. */
type Front = { lowest: number; reached: Int32Array };

function keptInMiddle(before: Int32Array, after: Int32Array, maxSteps: number): KeptRun[] | null {
  const [n, m] = [before.length, after.length];
  if (n === 0 || m === 0) return [];
  // Diagonal k holds the places where `before` is k tokens ahead of `after`; it is stored at k + m + 1.
  const origin = m + 1;
  const furthest = new Int32Array(n + m + 3).fill(-1);
  const fronts: Front[] = [];
  // A path that has come to the end of a list leaves nothing to find on the diagonals beyond it.
  let [lowest, highest] = [-m, n];
  let steps = 0;
  for (let edits = 0; ; edits += 1) {
    const from = Math.max(lowest, -edits);
    const to = Math.min(highest, edits);
    const front: Front = { lowest: from, reached: new Int32Array((to - from) / 2 + 1) };
    for (let k = from; k <= to; k += 2) {
      let x = edits === 0 ? 0 : furthestStart(at(furthest, origin + k - 1), at(furthest, origin + k + 1));
      const start = x;
      while (x < n && x - k < m && before[x] === after[x - k]) x += 1;
      steps += 1 + x - start;
      if (steps > maxSteps) return null;
      furthest[origin + k] = x;
      front.reached[(k - from) / 2] = x;
      if (x === n && x - k === m) return walkBack(fronts, n, m);
      if (x === n) highest = Math.min(highest, k - 1);
      if (x - k === m) lowest = Math.max(lowest, k + 1);
    }
    fronts.push(front);
  }
}

/** Where a path goes on that comes from the diagonal below (a token removed) or above (one added), whichever is further. */
const furthestStart = (below: number, above: number) => (below < above ? above : below + 1);
const at = (list: Int32Array, index: number) => list[index] ?? -1;
const reachedOn = ({ lowest, reached }: Front, k: number) => (k < lowest ? -1 : at(reached, (k - lowest) / 2));

function walkBack(fronts: Front[], n: number, m: number): KeptRun[] {
  const runs: KeptRun[] = [];
  let [x, k] = [n, n - m];
  for (const front of fronts.toReversed()) {
    const [below, above] = [reachedOn(front, k - 1), reachedOn(front, k + 1)];
    const start = furthestStart(below, above);
    runs.push({ before: start, after: start - k, length: x - start });
    if (below < above) [x, k] = [above, k + 1];
    else [x, k] = [below, k - 1];
  }
  return runs.reverse();
}

import type { Shares } from './posterior.ts';

/** A decision: how probable each outcome was held to be when it fell, and how probable it is by what is known by now. */
export type Claim = { claimed: Shares; actual: Shares; /** Whether the truth is known for certain. */ known: boolean };
/** Decisions that claimed about the same error, and how often they were wrong. */
export type CalibrationBin = { claimedError: number; actualError: number; revisions: number; known: number };

/** Claimed errors up to which decisions are taken together. */
const binEnds = [0.002, 0.005, 0.01, 0.02, 0.05, 1];

/** How the error that decisions claimed compares with the error that they had, from the surest to the least sure; without bins that nothing is in. */
export function calibrationOf(claims: Iterable<Claim>): CalibrationBin[] {
  const bins = binEnds.map(() => ({ claimedError: 0, actualError: 0, revisions: 0, known: 0 }));
  for (const { claimed, actual, known } of claims) {
    const outcome = claimed.indexOf(Math.max(...claimed));
    const claimedError = 1 - (claimed[outcome] ?? 0);
    const bin = bins[binEnds.findIndex((end) => claimedError <= end)];
    if (bin === undefined) continue;
    bin.claimedError += claimedError;
    bin.actualError += 1 - (actual[outcome] ?? 0);
    bin.revisions += 1;
    bin.known += Number(known);
  }
  const mean = (sum: number, count: number) => Number((sum / count).toFixed(6));
  return bins
    .filter(({ revisions }) => revisions > 0)
    .map(({ claimedError, actualError, revisions, known }) => ({
      claimedError: mean(claimedError, revisions),
      actualError: mean(actualError, revisions),
      revisions,
      known,
    }));
}

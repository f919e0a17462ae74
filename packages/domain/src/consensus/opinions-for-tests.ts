import { verdicts, type Verdict } from '@granary/contract';
import type { Opinion, Tally } from './consensus.ts';
import { ordinaryEvidence } from './reliability.ts';

let people = 0;

/** So many verdicts of each kind, each by somebody else who is proven but of whom nothing else is known. */
export function opinionsOf(tally: Tally): Opinion[] {
  return verdicts.flatMap((verdict) => Array.from({ length: tally[verdict] }, () => opinionOf(verdict)));
}

export function opinionOf(verdict: Verdict, proven = true): Opinion {
  people += 1;
  return { reviewerId: `reviewer ${people}`, verdict, evidence: ordinaryEvidence(verdict), proven };
}

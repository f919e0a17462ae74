// `npm run bench -- crowds`: crowds of every kind played through the default policy by the functions that the desk uses, beside majorities of three, five and seven
// and beside an oracle that knows how everybody judges and how outcomes fall. A line of JSON for each crowd, and at last one with all of them.
import { parseArgs } from 'node:util';
import { defaultAdaptivePolicy, type SimulationResult } from '@granary/domain';
import { crowds, majorityError, playCrowd } from '@granary/domain/testing';
import { printResult, round, say } from './harness/report.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, entries: { type: 'string' }, crowd: { type: 'string' } } });
const seed = Number(values.seed ?? 1);
const majorities = [3, 5, 7];

const chosen = crowds.filter(({ name }) => values.crowd === undefined || name === values.crowd);
if (chosen.length === 0) throw new Error(`There is no such crowd; there are: ${crowds.map(({ name }) => name).join(', ')}`);

const results = chosen.map((crowd) => {
  const entries = values.entries === undefined ? crowd.entries : Number(values.entries);
  const ours = playCrowd(crowd, defaultAdaptivePolicy, { seed, entries });
  // Whom the oracle knows is proven; it weighs under the same thresholds.
  const oracle = playCrowd(crowd, { ...defaultAdaptivePolicy, floor: 'none' }, { seed, entries, oracle: true });
  const result = {
    name: `crowds: ${crowd.name}`,
    entries: entries * crowd.plays,
    ...told(ours),
    ...(ours.spamApproved === null ? {} : { spamApprovedPercent: percent(ours.spamApproved) }),
    majorityErrorPercent: Object.fromEntries(majorities.map((size) => [size, percent(majorityError({ ...crowd, entries }, size, seed))])),
    oracle: told(oracle),
    errorToOracle: round(ours.errorRate / Math.max(oracle.errorRate, 1 / entries / crowd.plays), 2),
    reviewsToOracle: round(ours.reviewsPerEntry / oracle.reviewsPerEntry, 2),
  };
  say(
    `${crowd.name}: ${result.errorPercent} % wrong at ${result.reviewsPerEntry} reviews, ${result.escalatedPercent} % to a moderator; oracle ${result.oracle.errorPercent} % at ${result.oracle.reviewsPerEntry}`,
  );
  printResult(result);
  return result;
});
printResult({ name: 'crowds', seed, crowds: results });

function told({ errorRate, reviewsPerEntry, escalated, wronglyApproved, wronglyTurnedDown }: SimulationResult) {
  return {
    errorPercent: percent(errorRate),
    reviewsPerEntry: round(reviewsPerEntry, 2),
    escalatedPercent: percent(escalated),
    wronglyApprovedPercent: percent(wronglyApproved),
    wronglyTurnedDownPercent: percent(wronglyTurnedDown),
  };
}

function percent(share: number): number {
  return round(share * 100, 2);
}

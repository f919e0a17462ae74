import type { ReviewPolicy } from '@granary/contract';
import { describe, expect, it } from 'vitest';
import { crowds, playCrowd } from '../testing/crowds.ts';
import { calibrationOf } from './calibration.ts';
import { defaultAdaptivePolicy } from './default-policy.ts';
import { lessonsOf, lessonsOfAppealed } from './lessons.ts';
import { opinionOf } from './opinions-for-tests.ts';
import { agreementOf } from './reliability.ts';
import { playReviews } from './simulation.ts';

const crowdOf = (name: string) => {
  const found = crowds.find((crowd) => crowd.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const seed = 20_261_201;
const play = (name: string, policy: ReviewPolicy = defaultAdaptivePolicy, more: { oracle?: boolean } = {}) =>
  playCrowd(crowdOf(name), policy, { seed, entries: Math.min(3_000, crowdOf(name).entries), ...more });

describe('what decisions teach', () => {
  it('two who reject together teach more than what the other one’s verdict alone makes probable', () => {
    const [first] = lessonsOf(defaultAdaptivePolicy, [opinionOf('reject'), opinionOf('reject')]);
    expect(first?.truth[1]).toBeGreaterThan(0.9);
  });

  it('a verdict that stands alone teaches nobody, unless a moderator decides', () => {
    const alone = [opinionOf('reject')];
    expect(lessonsOf(defaultAdaptivePolicy, alone)).toEqual([]);
    expect(lessonsOf(defaultAdaptivePolicy, alone, 'approve')).toMatchObject([{ truth: [1, 0, 0] }]);
    expect(lessonsOfAppealed(defaultAdaptivePolicy, alone, [])).toEqual([]);
  });

  it.each([0, 500])('good reviewers are told how much of the bad they catch, estimated every %i entries', (estimateEvery) => {
    const crowd = crowdOf('ordinary');
    const { counts, learnedShares } = playReviews({ ...crowd, policy: defaultAdaptivePolicy, seed, estimateEvery });
    const told = counts.slice(0, 65).map(agreementOf);
    const mean = (of: 'catchesBad' | 'approvesGood') => told.reduce((sum, each) => sum + (each[of] ?? 0), 0) / told.length;
    expect(Math.abs(mean('catchesBad') - 0.932)).toBeLessThan(0.03);
    expect(Math.abs(mean('approvesGood') - 0.93)).toBeLessThan(0.03);
    const learned = estimateEvery === 0 ? crowd.shares : learnedShares;
    for (const [index, share] of crowd.shares.entries()) expect(Math.abs((learned[index] ?? 0) - share)).toBeLessThan(0.03);
  });
});

it.each(['ordinary', '40 % random', '95 % good'])('%s: decisions are about as sure as they claim', (name) => {
  const { calibration } = playReviews({ ...crowdOf(name), entries: 4_000, policy: defaultAdaptivePolicy, seed, estimateEvery: 500 });
  const mean = (of: 'claimedError' | 'actualError') =>
    calibration.reduce((sum, bin) => sum + bin[of] * bin.revisions, 0) / calibration.reduce((sum, bin) => sum + bin.revisions, 0);
  expect(calibration.length).toBeGreaterThan(3);
  expect(mean('actualError')).toBeLessThan(2 * mean('claimedError') + 0.002);
  expect(mean('actualError')).toBeGreaterThan(mean('claimedError') / 2 - 0.002);
  // The less sure they are, the more often they are wrong.
  expect(calibration.at(-1)?.actualError).toBeGreaterThan(calibration[0]?.actualError ?? 1);
});

it('the claims of decisions are held against what came of them, from the surest', () => {
  expect(
    calibrationOf([
      { claimed: [0.9, 0.05, 0.05], actual: [0, 1, 0], known: true },
      { claimed: [0.96, 0.02, 0.02], actual: [1, 0, 0], known: false },
      { claimed: [0.001, 0.999, 0], actual: [0.01, 0.99, 0], known: false },
    ]),
  ).toEqual([
    { claimedError: 0.001, actualError: 0.01, revisions: 1, known: 0 },
    { claimedError: 0.04, actualError: 0, revisions: 1, known: 0 },
    { claimedError: 0.1, actualError: 1, revisions: 1, known: 1 },
  ]);
});

describe('crowds under the default policy', () => {
  it.each([
    ['ordinary', 0.02, 3.3],
    ['40 % random', 0.035, 4.4],
    ['40 % approve all', 0.055, 4.1],
    ['95 % good', 0.008, 3],
    ['10 % good', 0.035, 3.9],
    ['category skills', 0.05, 3.9],
    ['drift', 0.05, 3.4],
    ['12 people, first 200', 0.025, 3.4],
  ])('%s: no more than %d wrong at %d reviews', (name, mostWrong, mostReviews) => {
    const { errorRate, reviewsPerEntry } = play(name);
    expect(errorRate).toBeLessThan(mostWrong);
    expect(reviewsPerEntry).toBeLessThan(mostReviews);
  }, 60_000); // prettier-ignore

  it('where most is good, knowing so has no more of the bad approved than expecting the usual share has', () => {
    const crowd = crowdOf('95 % good');
    const seeds = [1, 2];
    const badApproved = (estimateEvery: number) =>
      seeds.reduce(
        (sum, each) => sum + playReviews({ ...crowd, policy: defaultAdaptivePolicy, seed: each, estimateEvery }).result.wronglyApproved,
        0,
      ) / seeds.length;
    // If knowing it made approval easier, 11 % of the bad would be approved instead of 4 or 5.
    expect(badApproved(500)).toBeLessThan(badApproved(0) + 0.02);
  }, 60_000);

  it('where little is good, knowing so costs fewer reviews and errors than expecting the usual share', () => {
    const crowd = crowdOf('10 % good');
    const blind = playReviews({ ...crowd, policy: defaultAdaptivePolicy, seed }).result;
    const learned = play('10 % good');
    expect(learned.errorRate).toBeLessThan(blind.errorRate);
    expect(learned.reviewsPerEntry).toBeLessThan(blind.reviewsPerEntry);
  }, 60_000);

  it('the floor keeps most of what a ring of new accounts approves for itself from being published, at hardly more reviews', () => {
    const [floored, open] = [play('colluders first'), play('colluders first', { ...defaultAdaptivePolicy, floor: 'none' })];
    expect(open.spamApproved).toBeGreaterThan(0.95);
    expect(floored.spamApproved).toBeLessThan(0.45);
    expect(floored.reviewsPerEntry).toBeLessThan(open.reviewsPerEntry + 0.2);
  }, 60_000);
});

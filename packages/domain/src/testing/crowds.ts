import type { ReviewPolicy } from '@granary/contract';
import { verdicts } from '@granary/contract';
import type { CrowdMember, Simulation, SimulationResult } from '../consensus/simulation.ts';
import { simulateReviews } from '../consensus/simulation.ts';
import type { Reliability } from '../consensus/reliability.ts';
import { seededRandom } from '../seeded-random.ts';

/** How each kind of reviewer's verdicts fall: outcome × verdict. Lenient as people are: more good is let pass than bad is caught. */
export const reviewerKinds = {
  good: [0.93, 0.03, 0.04, 0.06, 0.86, 0.08, 0.08, 0.08, 0.84],
  sloppy: [0.75, 0.12, 0.13, 0.2, 0.6, 0.2, 0.2, 0.2, 0.6],
  random: Array.from({ length: 9 }, () => 1 / 3),
  approvesAll: [1, 0, 0, 1, 0, 0, 1, 0, 0],
} satisfies Record<string, Reliability>;

type Crowd = Omit<Simulation, 'policy' | 'seed' | 'oracle' | 'estimateEvery'> & {
  name: string;
  /** How often it is played, each time with another seed; the results are averaged. */
  plays: number;
};

const person = (reliability: CrowdMember['reliability'], more: Partial<CrowdMember> = {}): CrowdMember => ({
  reliability,
  activity: 1,
  counts: [],
  ...more,
});
const people = (kind: keyof typeof reviewerKinds, size: number, more: Partial<CrowdMember> = {}): CrowdMember[] =>
  Array.from({ length: size }, () => person(reviewerKinds[kind], more));
const usualShares = [0.7, 0.18, 0.12];
const usualEntries = 6_000;
const ordinary = [...people('good', 65), ...people('sloppy', 20), ...people('random', 10), ...people('approvesAll', 5)];
const categoriesOfSkill = 4;
/** Verdicts after which those who drift judge in the other way. */
const driftAfter = 100;

/** Crowds to play through a policy, each with what makes it hard. */
export const crowds: readonly Crowd[] = [
  { name: 'ordinary', crowd: ordinary, shares: usualShares, entries: usualEntries, plays: 1 },
  {
    name: '40 % random',
    crowd: [...people('good', 45), ...people('sloppy', 15), ...people('random', 40)],
    shares: usualShares,
    entries: usualEntries,
    plays: 1,
  },
  {
    name: '40 % approve all',
    crowd: [...people('good', 45), ...people('sloppy', 15), ...people('approvesAll', 40)],
    shares: usualShares,
    entries: usualEntries,
    plays: 1,
  },
  { name: '95 % good', crowd: ordinary, shares: [0.95, 0.03, 0.02], entries: usualEntries, plays: 1 },
  { name: '10 % good', crowd: ordinary, shares: [0.1, 0.54, 0.36], entries: usualEntries, plays: 1 },
  {
    name: 'category skills',
    // Everybody is good at half of the categories and sloppy or worse at the others.
    crowd: Array.from({ length: 100 }, (_, n) =>
      person((category) => reviewerKinds[(category + n) % 4 < 2 ? 'good' : n % 3 === 0 ? 'random' : 'sloppy']),
    ),
    shares: usualShares,
    entries: usualEntries,
    categories: categoriesOfSkill,
    plays: 1,
  },
  {
    name: 'drift',
    // Of the good ones three in ten grow careless, and as many learn.
    crowd: Array.from({ length: 100 }, (_, n) => {
      const [before, after] = n < 30 ? (['good', 'random'] as const) : n < 60 ? (['sloppy', 'good'] as const) : (['good', 'good'] as const);
      return person((_category, given) => reviewerKinds[given < driftAfter ? before : after]);
    }),
    shares: usualShares,
    entries: usualEntries,
    plays: 1,
  },
  {
    name: 'colluders first',
    // A ring of new accounts that comes to its own spam before anybody else does, among people who are known.
    crowd: [
      ...people('good', 60, { counts: [20, 1, 1, 1, 6, 1, 1, 1, 4] }),
      ...people('sloppy', 20, { counts: [16, 2, 2, 2, 5, 2, 2, 2, 3] }),
      ...people('random', 8),
      ...people('good', 12, { ring: true, activity: 0.1 }),
    ],
    shares: usualShares,
    entries: 3_000,
    spamShare: 0.03,
    plays: 1,
  },
  {
    name: '12 people, first 200',
    crowd: [...people('good', 8), ...people('sloppy', 3), ...people('approvesAll', 1)],
    shares: usualShares,
    entries: 200,
    plays: 30,
  },
];

/** Entries between two estimates of everybody: about a day's in a busy community. */
const estimateEvery = 500;

/** Plays a crowd through a policy as often as it wants; averages. */
export function playCrowd(
  { plays, ...crowd }: Crowd,
  policy: ReviewPolicy,
  { seed, oracle = false, entries = crowd.entries }: { seed: number; oracle?: boolean; entries?: number },
): SimulationResult {
  const results = Array.from({ length: plays }, (__, n) =>
    simulateReviews({ ...crowd, entries, policy, seed: seed + n, oracle, estimateEvery: Math.min(estimateEvery, Math.ceil(entries / 4)) }),
  );
  const mean = (of: (result: SimulationResult) => number) => results.reduce((sum, result) => sum + of(result), 0) / plays;
  return {
    reviewsPerEntry: mean((result) => result.reviewsPerEntry),
    errorRate: mean((result) => result.errorRate),
    escalated: mean((result) => result.escalated),
    wronglyTurnedDown: mean((result) => result.wronglyTurnedDown),
    wronglyApproved: mean((result) => result.wronglyApproved),
    spamApproved: crowd.spamShare === undefined ? null : mean((result) => result.spamApproved ?? 0),
  };
}

/** Share of the entries that so many people decide wrongly by majority, the more careful of two equals. */
export function majorityError({ crowd, shares, entries, plays, categories = 1 }: Crowd, size: number, seed: number): number {
  const random = seededRandom(seed);
  const draw = (from: readonly number[]) => {
    let at = random();
    return Math.max(0, from.findIndex((share) => (at -= share) < 0)); // prettier-ignore
  };
  const given = crowd.map(() => 0);
  let wrong = 0;
  for (let entry = 0; entry < entries * plays; entry += 1) {
    const truth = draw(shares);
    const category = Math.floor(random() * categories);
    const chosen = new Set<number>();
    while (chosen.size < Math.min(size, crowd.length)) chosen.add(Math.floor(random() * crowd.length));
    const counts = verdicts.map(() => 0);
    for (const index of chosen) {
      const { reliability } = crowd[index] as CrowdMember;
      const own = typeof reliability === 'function' ? reliability(category, given[index] ?? 0) : reliability;
      given[index] = (given[index] ?? 0) + 1;
      const verdict = draw(own.slice(truth * verdicts.length, (truth + 1) * verdicts.length));
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    const most = Math.max(...counts);
    const careful = [verdicts.indexOf('reject'), verdicts.indexOf('request_changes'), verdicts.indexOf('approve')];
    wrong += Number(careful.find((verdict) => counts[verdict] === most) !== truth);
  }
  return wrong / (entries * plays);
}

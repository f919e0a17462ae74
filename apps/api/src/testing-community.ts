import type {
  AdaptivePolicy,
  ContributionInput,
  Dataset,
  Entry,
  FixedPolicy,
  PolicyFloor,
  ReviewInput,
  ReviewPolicy,
  ReviewTask,
} from '@granary/contract';
import { createTestApp, type TestUser } from './testing.ts';

type Handed = { entry: Entry; instruction: Entry | null };

/** Words for tests: true, and different for every number. */
export const pairOf = (n: number): ContributionInput => ({
  kind: 'pair',
  category: 'open_qa',
  language: 'en',
  instruction: { text: `How many corners does a regular polygon with ${n + 3} sides have?` },
  response: { text: `It has ${n + 3} corners: every two neighbouring sides meet in one.` },
});

/** A fixed policy under which one reviewer decides. */
export const policyOf = (changes: Partial<FixedPolicy> = {}): ReviewPolicy => ({
  kind: 'fixed',
  approvals: 1,
  rejections: 1,
  changeRequests: 1,
  maxReviews: 5,
  openReview: true,
  ...changes,
});

/**
 * A dataset with people in it, made over the API, and short words for what they do. A whole policy, or changes of a fixed one. The people of tests are
 * strangers to the dataset: unless a test is about the floor itself, theirs decides without one.
 */
export async function createCommunity(
  policy: Partial<FixedPolicy> | AdaptivePolicy = {},
  options: Parameters<typeof createTestApp>[0] = {},
  floor: PolicyFloor = 'none',
) {
  const world = await createTestApp(options);
  const admin = await world.signIn('admin');
  const body = {
    slug: 'shapes',
    title: 'Shapes',
    description: 'Questions about shapes, answered.',
    licence: 'CC-BY-4.0',
    languages: ['en', 'de'],
    policy: { ...(policy.kind === 'adaptive' ? policy : policyOf(policy)), floor },
    dimensions: [{ slug: 'helpfulness', title: 'Helpful', description: 'Does it help?' }],
  };
  const made = await admin.send<Dataset>('POST', '/api/v1/datasets', body);
  if (made.status !== 201) throw new Error(`The dataset was not made: ${made.text}`);

  async function author(): Promise<TestUser> {
    const user = await world.signIn();
    await user.send('POST', '/api/v1/datasets/shapes/terms-acceptance', { termsVersion: 1 });
    return user;
  }
  return {
    ...world,
    admin,
    author,
    handIn: async (user: TestUser, contribution: ContributionInput) => {
      const reply = await user.send<Handed>('POST', '/api/v1/datasets/shapes/entries', contribution);
      if (reply.status !== 201) throw new Error(`Not handed in: ${reply.text}`);
      return reply.body;
    },
    next: async (user: TestUser) =>
      (await user.send<{ task: ReviewTask | null }>('POST', '/api/v1/review-tasks/next', { dataset: 'shapes' })).body.task,
    review: (user: TestUser, taskId: string, input: ReviewInput | Record<string, unknown>) =>
      user.send<{ reviewId: string; status: string; code: string }>('POST', `/api/v1/review-tasks/${taskId}/review`, input),
    statusOf: async (id: string) => (await world.db.prisma.entry.findUniqueOrThrow({ where: { id } })).status,
    pairs: () => world.db.prisma.pair.count(),
  };
}
export type Community = Awaited<ReturnType<typeof createCommunity>>;

import { endpoints, entryStatuses, verdicts, type ReviewOutcome, type ReviewTask } from '@granary/contract';
import { describe, expect, test } from 'vitest';
import { createServices, type Services } from '../services.ts';
import { createTestApp, type TestApp } from '../testing.ts';
import { calibrationTexts } from './calibration-texts.ts';
import { defaultCategories } from './default-categories.ts';
import { demoUsers } from './demo-plan.ts';
import { seedDemo } from './seed-demo.ts';
import { seedStarter } from './seed-starter.ts';
import { starterDataset } from './starter-dataset.ts';

/** A new deployment for one test. */
async function withDeployment(work: (t: TestApp, services: Services) => Promise<void>): Promise<void> {
  const t = await createTestApp();
  await work(t, createServices(t.deps)).finally(() => t.close());
}

describe('starter dataset', () => {
  test('is what an admin could have made through the interface', () => {
    const parsed = endpoints.datasets.create.body.safeParse(starterDataset);
    expect(parsed.error?.issues ?? []).toEqual([]);
    expect(defaultCategories.map(({ slug }) => slug)).toEqual([
      'brainstorming',
      'classification',
      'closed_qa',
      'creative_writing',
      'general_qa',
      'information_extraction',
      'open_qa',
      'summarization',
    ]);
  });

  test.each(defaultCategories.map((category) => [category.slug, category] as const))(
    '%s tells volunteers what they need',
    (_slug, category) => {
      const words = category.guideline.split(/\s+/).length;
      expect(words).toBeGreaterThanOrEqual(100);
      expect(words).toBeLessThanOrEqual(200);
      for (const part of ['What belongs here', 'A good instruction', 'A good response', 'Common mistakes'])
        expect(category.guideline).toContain(part);
      for (const example of [category.goodExample, category.badExample]) expect(example?.why.length).toBeGreaterThan(40);
    },
  );

  test('comes once to a new deployment, and not beside another dataset', () =>
    withDeployment(async (t, services) => {
      await Promise.all([seedStarter(t.deps, services), seedStarter(t.deps, services)]);
      await seedStarter(t.deps, services);
      const datasets = await services.datasets.list();
      expect(datasets.map(({ slug, isDemo }) => [slug, isDemo])).toEqual([['granary-open', false]]);
      const { categories, policy } = await services.datasets.get('granary-open');
      expect(categories.map(({ slug, targetCount, approved }) => [slug, targetCount > 0, approved])).toEqual(
        defaultCategories.map(({ slug }) => [slug, true, 0]),
      );
      expect(policy).toMatchObject({ kind: 'adaptive', floor: 'proven_pair', minReviews: 2, openReview: true });
    }));
});

test('the starter dataset brings a qualification that is in no corpus, and passing it makes a person proven', () =>
  withDeployment(async (t, services) => {
    await seedStarter(t.deps, services);
    const items = await t.db.prisma.calibrationItem.findMany({ include: { category: true } });
    expect(items).toHaveLength(12);
    expect(new Set(items.map(({ category }) => category.slug))).toEqual(new Set(defaultCategories.map(({ slug }) => slug)));
    expect(Object.fromEntries(verdicts.map((verdict) => [verdict, items.filter(({ expected }) => expected === verdict).length]))).toEqual({
      approve: 5,
      reject: 4,
      request_changes: 3,
    });
    for (const { expected, reason, explanation } of calibrationTexts) {
      expect(explanation.length).toBeGreaterThan(60);
      expect(reason === undefined).toBe(expected !== 'reject');
    }
    expect(await services.datasets.get('granary-open')).toMatchObject({ approved: 0, inReview: 0, contributors: 0 });
    expect([await t.db.prisma.pair.count(), await t.db.prisma.reviewTask.count()]).toEqual([0, 0]);
    const hidden = await t.anonymous.send('GET', `/api/v1/entries/${items[0]?.entryId}`);
    for (const { response } of calibrationTexts) expect(hidden.text).not.toContain(response);

    const reader = await t.signIn();
    const expectedOf = new Map(calibrationTexts.map((item) => [item.response, item]));
    for (let answered = 0; answered < 5; answered += 1) {
      const { body } = await reader.send<{ task: ReviewTask }>('POST', '/api/v1/review-tasks/next', { dataset: 'granary-open' });
      expect(body.task).toMatchObject({ purpose: 'qualification', entry: { author: null, status: 'in_review' } });
      const item = expectedOf.get(body.task.entry.revision.text);
      expect(body.task.instruction?.revision).toMatchObject({
        text: item?.instruction,
        context: item?.context === undefined ? null : { text: item.context },
      });
      const verdict = {
        verdict: item?.expected,
        ...(item?.reason && { reason: item.reason }),
        ...(item?.expected === 'request_changes' && { note: 'See above.' }),
      };
      const outcome = await reader.send<ReviewOutcome>('POST', `/api/v1/review-tasks/${body.task.id}/review`, verdict);
      expect(outcome.body).toMatchObject({
        lesson: { met: true },
        status: { approve: 'approved', reject: 'rejected', request_changes: 'changes_requested' }[item?.expected ?? 'approve'],
      });
    }
    expect(await t.db.prisma.qualification.count({ where: { userId: reader.id, passedAt: { not: null } } })).toBe(1);
    const moderator = await t.signIn('moderator');
    const listed = await moderator.send<{ items: { createdBy: unknown; inUse: boolean }[] }>(
      'GET',
      '/api/v1/datasets/granary-open/calibration-items',
    );
    expect(new Set(listed.body.items.map(({ createdBy, inUse }) => [createdBy, inUse].join()))).toEqual(new Set([',true']));
  }));

test(
  'the demo shows every state but retraction, keeps origin and licence, and comes once',
  () =>
    withDeployment(async (t, services) => {
      await t.deps.jobs.start();
      const lines = await seedDemo(t.deps, services);
      expect(lines.filter((line) => /@demo\.example {2,}\S{16} /.test(line))).toHaveLength(Object.keys(demoUsers).length);
      expect(await seedDemo(t.deps, services)).toEqual([]);
      const demo = await services.datasets.get('demo');
      expect(demo).toMatchObject({ isDemo: true });
      expect(demo.approved).toBeGreaterThan(30);
      expect(demo.inReview).toBeGreaterThan(10);

      const entries = await t.db.prisma.entry.findMany({ include: { events: true, author: true } });
      const states = new Set(entries.map(({ status }) => status));
      expect([...states].sort()).toEqual(entryStatuses.filter((status) => status !== 'retracted').sort());
      expect(new Set(entries.map(({ originName, licence }) => `${originName}: ${licence}`))).toEqual(
        new Set(['Self-Instruct seed tasks: Apache-2.0', 'GSM8K: MIT', 'null: CC-BY-SA-4.0']),
      );
      for (const { author, originName } of entries)
        expect(author?.displayName ?? originName).toMatch(/^(Demo writer 1|Self-Instruct seed tasks|GSM8K)$/);
      // Every entry's present status is what its log says.
      for (const { status, events } of entries) {
        const last = events.toSorted((a, b) => Number(a.position - b.position)).at(-1);
        expect(last?.payload).toMatchObject({ to: status });
      }
      expect(await t.db.prisma.openInstruction.count()).toBeGreaterThanOrEqual(3);
    }),
  240_000,
);

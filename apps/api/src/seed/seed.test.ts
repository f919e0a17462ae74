import { endpoints, entryStatuses } from '@granary/contract';
import { describe, expect, test } from 'vitest';
import { createServices, type Services } from '../services.ts';
import { createTestApp, type TestApp } from '../testing.ts';
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
      expect(policy).toMatchObject({ approvals: 1, openReview: true });
    }));
});

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

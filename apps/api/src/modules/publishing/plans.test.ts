import { problemSchema, publishingSchema, snapshotSchema } from '@granary/contract';
import type { Publishing, Snapshot } from '@granary/contract';
import { emptyTables } from '@granary/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import type { Services } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';
import { createPlanRepository } from './plan-repository.ts';
import { createPlanService } from './plan-service.ts';
import { addSampleDataset, addSamplePairs, instructionId, responseId, sampleDatasetId, sampleSlug } from '../snapshots/sample-pairs.ts';
import { editEntry, endedSnapshot, endedSnapshots } from '../snapshots/test-publishing.ts';

const base = `/api/v1/datasets/${sampleSlug}`;
const selection = { categories: [], languages: [] };
let t: TestApp;
let admin: TestUser;
let services: Services;
const thursday = new Date('2026-11-26T10:00:00.000Z');
let now = thursday;
const later = (hours: number) => (now = new Date(now.getTime() + hours * 3_600_000));

const plan = async (): Promise<Publishing> => publishingSchema.parse((await admin.send('GET', `${base}/publishing`)).body);
async function setPlan(body: object): Promise<Publishing> {
  const reply = await admin.send('PUT', `${base}/publishing`, { selection, ...body });
  expect(reply.status).toBe(200);
  return publishingSchema.parse(reply.body);
}
async function snapshots(): Promise<Snapshot[]> {
  const { body } = await admin.send<{ items: unknown[] }>('GET', `${base}/snapshots?limit=100`);
  return snapshotSchema.array().parse(body.items);
}
const settled = (): Promise<Snapshot[]> => endedSnapshots(admin);
let added = 0;
async function approve(count: number, language = 'en'): Promise<void> {
  const pairs = Array.from({ length: count }, (_, n) => ({ instruction: `Question ${added + n}?`, response: 'Answer.', language }));
  await addSamplePairs(t.db, pairs, added);
  added += count;
  await t.db.prisma.pair.updateMany({ where: { approvedAt: { lt: new Date('2026-11-01') } }, data: { approvedAt: now } });
}

beforeAll(async () => {
  t = await createTestApp({ clock: () => now });
  admin = await t.signIn('admin');
  services = createServices(t.deps);
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, services);
  await addSampleDataset(t.db);
});
afterAll(() => t.close());
beforeEach(async () => {
  await settled();
  await t.db.prisma.publishingPlan.deleteMany();
  await t.db.prisma.snapshot.deleteMany();
  await emptyTables(t.db, ['entries', 'events']);
  added = 0;
  now = thursday;
});

test('a dataset without a plan publishes by hand', async () => {
  expect(await plan()).toEqual({
    mode: 'manual',
    weekday: 1,
    hour: 3,
    approvals: 1_000,
    selection: { ...selection, minRating: null, ratedOnly: false, minRatings: 0, minComparisons: 0, from: null, to: null },
    notes: '',
    setBy: null,
    setAt: null,
    nextAt: null,
    last: null,
    approvalsSince: 0,
  });
});

test('who may not publish sets no plan, and a wrong one is refused by its field', async () => {
  const reviewer = await t.signIn('moderator');
  expect((await reviewer.send('PUT', `${base}/publishing`, { mode: 'manual', selection })).status).toBe(403);
  for (const [body, path] of [
    [{ mode: 'weekly', weekday: 8, selection }, 'weekday'],
    [{ mode: 'weekly', hour: 24, selection }, 'hour'],
    [{ mode: 'approvals', approvals: 0, selection }, 'approvals'],
    [{ mode: 'weekly', selection: { categories: ['no-such'] } }, 'selection.categories.0'],
  ] as const) {
    const reply = await admin.send('PUT', `${base}/publishing`, body);
    expect(problemSchema.parse(reply.body)).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
  }
  expect((await admin.send('PUT', '/api/v1/datasets/no-such/publishing', { mode: 'manual', selection })).status).toBe(404);
});

describe('every week', () => {
  test('publishes at the hour, once however many workers ask, and in the name of who set it', async () => {
    await approve(3);
    const set = await setPlan({ mode: 'weekly', weekday: 5, hour: 9, notes: 'The weekly release.' });
    expect(set).toMatchObject({ nextAt: '2026-11-27T09:00:00.000Z', setBy: { id: admin.id }, approvalsSince: 3 });
    later(22);
    expect(await services.publishing.plans.requestDue()).toBe(0);
    later(1);
    const asked = await Promise.all([1, 2, 3].map(() => services.publishing.plans.requestDue()));
    expect(asked.toSorted()).toEqual([0, 0, 1]);
    const [published, ...rest] = await settled();
    expect(rest).toEqual([]);
    expect(published).toMatchObject({ status: 'published', notes: 'The weekly release.', counts: { pairs: 3 } });
    const { nextAt, last } = await plan();
    expect({ nextAt, last }).toEqual({
      nextAt: '2026-12-04T09:00:00.000Z',
      last: { at: now.toISOString(), outcome: 'requested', number: published?.number },
    });
    const logged = await t.db.prisma.event.findMany({ where: { kind: { in: ['publishing_planned', 'snapshot_requested'] } } });
    expect(logged.map(({ kind, actorId, datasetId }) => ({ kind, actorId, datasetId }))).toContainEqual({
      kind: 'publishing_planned',
      actorId: admin.id,
      datasetId: sampleDatasetId,
    });
  });

  const week = async () => {
    later(7 * 24);
    const requested = await services.publishing.plans.requestDue();
    await settled();
    return { requested, outcome: (await plan()).last?.outcome };
  };

  test('does not publish the same again, but does once a text, a rating or the set of pairs is another', async () => {
    await approve(3);
    await setPlan({ mode: 'weekly', weekday: 4, hour: 9 });
    expect(await week()).toEqual({ requested: 1, outcome: 'requested' });
    expect(await week()).toEqual({ requested: 0, outcome: 'unchanged' });
    const [pair] = await t.db.prisma.pair.findMany({ take: 1 });
    await t.db.prisma.pair.update({ where: { responseId: pair!.responseId }, data: { rating: 4.5, ratingCount: 2 } });
    expect(await week()).toEqual({ requested: 1, outcome: 'requested' });
    await t.db.prisma.pair.delete({ where: { responseId: pair!.responseId } });
    expect(await week()).toEqual({ requested: 1, outcome: 'requested' });
    expect(await week()).toEqual({ requested: 0, outcome: 'unchanged' });
    // A snapshot of another selection in between changes nothing.
    await approve(1, 'de');
    const other = await admin.send('POST', `${base}/snapshots`, { selection: { languages: ['de'] }, notes: '' });
    expect(other.status).toBe(202);
    await settled();
    expect(await week()).toEqual({ requested: 1, outcome: 'requested' });
  });

  test('pairs that are withheld are no change, but others in their place are', async () => {
    await approve(3);
    await setPlan({ mode: 'weekly', weekday: 4, hour: 9 });
    expect(await week()).toEqual({ requested: 1, outcome: 'requested' });
    // Its text becomes that of another conversation, which is in another split.
    await t.db.prisma.splitAssignment.update({ where: { conversationId: instructionId(2) }, data: { split: 'test' } });
    await editEntry(t.db, instructionId(2), 'Question 1?!');
    expect(await week()).toEqual({ requested: 1, outcome: 'requested' });
    expect((await t.db.prisma.snapshot.findFirstOrThrow({ orderBy: { number: 'desc' } })).withheld).toBe(1);
    expect(await week()).toEqual({ requested: 0, outcome: 'unchanged' });
    await t.db.prisma.pair.delete({ where: { responseId: responseId(2) } });
    later(1);
    await approve(1);
    expect(await week()).toEqual({ requested: 1, outcome: 'requested' });
    expect(await week()).toEqual({ requested: 0, outcome: 'unchanged' });
  });

  test('a build that runs is waited for, and an empty selection is told', async () => {
    await setPlan({ mode: 'weekly', weekday: 4, hour: 9 });
    later(7 * 24);
    expect(await services.publishing.plans.requestDue()).toBe(0);
    expect((await plan()).last).toMatchObject({ outcome: 'selection_empty', number: null });
    await approve(2);
    later(7 * 24);
    // A number that somebody else's process is building.
    const running = await t.db.prisma.snapshot.create({
      data: { datasetId: sampleDatasetId, number: 900, status: 'building', selection: {}, createdById: admin.id, cancelAsked: false },
    });
    await services.publishing.plans.requestDue();
    expect(await plan()).toMatchObject({
      last: { outcome: 'snapshot_running' },
      nextAt: new Date(now.getTime() + 600_000).toISOString(),
    });
    // The job that was sent for it ends it one way or the other.
    await endedSnapshot(admin, running.number);
    await approve(1);
    later(1);
    expect(await services.publishing.plans.requestDue()).toBe(1);
  });

  test('nothing is published in the name of somebody who may no longer publish', async () => {
    await approve(2);
    const other = await t.signIn('admin');
    expect((await other.send('PUT', `${base}/publishing`, { mode: 'weekly', weekday: 4, hour: 9, selection })).status).toBe(200);
    await t.db.prisma.user.update({ where: { id: other.id }, data: { role: 'contributor' } });
    later(7 * 24);
    expect(await services.publishing.plans.requestDue()).toBe(0);
    expect((await plan()).last).toMatchObject({ outcome: 'not_allowed' });
    await t.db.prisma.user.update({ where: { id: other.id }, data: { role: 'admin', status: 'suspended' } });
    later(7 * 24);
    expect(await services.publishing.plans.requestDue()).toBe(0);
    expect(await snapshots()).toEqual([]);
  });

  test('a plan whose worker died is taken up by another', async () => {
    await approve(2);
    await setPlan({ mode: 'weekly', weekday: 4, hour: 9 });
    later(7 * 24);
    // A worker claims the plan and dies.
    await t.db.prisma.publishingPlan.updateMany({ data: { nextAt: new Date(now.getTime() + 600_000) } });
    expect(await services.publishing.plans.requestDue()).toBe(0);
    later(0.2);
    expect(await services.publishing.plans.requestDue()).toBe(1);
    expect(await settled()).toHaveLength(1);
  });

  test('a plan that is set anew while it is acted on publishes nothing of what it was', async () => {
    await approve(2);
    await setPlan({ mode: 'weekly', weekday: 4, hour: 9 });
    later(7 * 24);
    const overtaken = createPlanService({
      db: t.db,
      plans: createPlanRepository(t.db),
      snapshots: {
        preview: services.snapshots.preview,
        create: async (...given) => {
          await setPlan({ mode: 'manual' });
          return services.snapshots.create(...given);
        },
      },
      clock: () => now,
    });
    expect(await overtaken.requestDue()).toBe(0);
    expect(await snapshots()).toEqual([]);
    expect(await plan()).toMatchObject({ mode: 'manual', nextAt: null, last: null });
  });
});

describe('every so many approvals', () => {
  test('publishes when that many are approved after the last snapshot, an hour apart at least', async () => {
    await approve(4);
    await setPlan({ mode: 'approvals', approvals: 5 });
    expect(await services.publishing.plans.requestDue()).toBe(0);
    expect(await plan()).toMatchObject({ approvalsSince: 4, last: null, nextAt: new Date(now.getTime() + 300_000).toISOString() });
    later(1);
    await approve(1);
    expect(await services.publishing.plans.requestDue()).toBe(1);
    expect((await settled())[0]).toMatchObject({ status: 'published', counts: { pairs: 5 } });
    expect(await plan()).toMatchObject({ approvalsSince: 0, last: { outcome: 'requested' } });
    later(0.5);
    await approve(7);
    expect(await plan()).toMatchObject({ approvalsSince: 5 });
    expect(await services.publishing.plans.requestDue()).toBe(0);
    later(0.5);
    expect(await services.publishing.plans.requestDue()).toBe(1);
    expect(await settled()).toHaveLength(2);
  });

  test('counts only what the selection holds', async () => {
    await approve(3, 'de');
    await approve(1, 'en');
    await setPlan({ mode: 'approvals', approvals: 2, selection: { languages: ['en'] } });
    expect(await services.publishing.plans.requestDue()).toBe(0);
    expect(await plan()).toMatchObject({ approvalsSince: 1 });
    later(1);
    await approve(1, 'en');
    expect(await services.publishing.plans.requestDue()).toBe(1);
    expect((await settled())[0]).toMatchObject({ counts: { pairs: 2 } });
  });
});

import type { Dataset, DatasetSummary } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../testing.ts';
import { defaultCategories } from '../../seed/default-categories.ts';

let world: TestApp;
let admin: TestUser;
let volunteer: TestUser;
beforeAll(async () => {
  world = await createTestApp();
  admin = await world.signIn('admin');
  volunteer = await world.signIn();
});
afterAll(() => world.close());

const body = (slug: string, more: Record<string, unknown> = {}) => ({
  slug,
  title: 'Garden questions',
  description: 'Questions gardeners ask, answered by gardeners.',
  licence: 'CC-BY-4.0',
  languages: ['en'],
  ...more,
});
const create = (slug: string, more?: Record<string, unknown>) => admin.send<Dataset>('POST', '/api/v1/datasets', body(slug, more));
const events = (kind: string) => world.db.prisma.event.count({ where: { kind } });

describe('create', () => {
  it('gives the eight default categories, a policy, terms and an event', async () => {
    const before = await events('dataset_created');
    const { status, headers, body: made } = await create('garden');
    expect(status).toBe(201);
    expect(headers['etag']).toBe('"1"');
    expect(made.categories.map(({ slug }) => slug)).toEqual(defaultCategories.map(({ slug }) => slug));
    expect(made).toMatchObject({
      slug: 'garden',
      approved: 0,
      inReview: 0,
      contributors: 0,
      latestSnapshot: null,
      termsVersion: 1,
      archived: false,
    });
    expect(await events('dataset_created')).toBe(before + 1);
    expect((await world.anonymous.send<Dataset>('GET', '/api/v1/datasets/garden')).body).toEqual(made);
  });
  it('takes categories of its own, and adds nothing when the request is repeated', async () => {
    const categories = [
      { slug: 'soil', title: 'Soil', guideline: 'All about earth.', goodExample: null, badExample: null, targetCount: 5 },
    ];
    const send = () =>
      admin.send<Dataset>('POST', '/api/v1/datasets', body('soil', { categories }), { 'idempotency-key': 'create-soil-1' });
    const [first, second] = [await send(), await send()];
    expect(first.body.categories).toMatchObject([{ slug: 'soil', goodExample: null }]);
    expect(second.status).toBe(201);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.body).toEqual(first.body);
  });
  it('409 for a slug in use, 400 for bad fields, 401 and 403', async () => {
    await create('taken');
    expect((await create('taken')).body).toMatchObject({ code: 'slug_taken' });
    expect((await create('Bad Slug')).body).toMatchObject({ code: 'validation_failed' });
    expect((await world.anonymous.send('POST', '/api/v1/datasets', body('mine'))).status).toBe(401);
    expect((await volunteer.send('POST', '/api/v1/datasets', body('mine'))).status).toBe(403);
  });
});

describe('list and get', () => {
  it('list for everyone; 404 for what is not there', async () => {
    await create('listed');
    const { body: list } = await world.anonymous.send<{ items: DatasetSummary[] }>('GET', '/api/v1/datasets');
    expect(list.items.map(({ slug }) => slug)).toContain('listed');
    expect((await world.anonymous.send('GET', '/api/v1/datasets/nowhere')).body).toMatchObject({ code: 'not_found' });
  });
});

describe('update', () => {
  it('builds on a version, and tells the present one when it is another', async () => {
    await create('edited');
    const change = (version: string | null, what: object) =>
      admin.send<Dataset>('PATCH', '/api/v1/datasets/edited', what, version === null ? {} : { 'if-match': version });
    expect((await change(null, { title: 'No version' })).status).toBe(428);
    const first = await change('"1"', { title: 'First title' });
    expect(first.body).toMatchObject({ title: 'First title', version: 2, termsVersion: 1 });
    expect((await change('"1"', { title: 'Lost update' })).body).toMatchObject({ code: 'version_conflict', data: { current: 2 } });
    expect((await change('"2"', { title: '' })).status).toBe(400);
    expect((await world.db.prisma.dataset.findUniqueOrThrow({ where: { slug: 'edited' } })).title).toBe('First title');
  });
  it('lets one of two simultaneous edits win', async () => {
    await create('raced');
    const replies = await Promise.all(
      ['One title', 'Other title'].map((title) => admin.send('PATCH', '/api/v1/datasets/raced', { title }, { 'if-match': '"1"' })),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });
  it.each([
    ['new terms', { terms: 'Other terms, which are longer than before.' }, 2],
    ['another licence', { licence: 'CC0-1.0' }, 2],
    ['the same licence', { licence: 'CC-BY-4.0' }, 1],
    ['another title', { title: 'Another title' }, 1],
  ])('%s: version of the terms', async (what, change, version) => {
    const slug = what.replaceAll(' ', '-');
    await create(slug);
    const { body: changed } = await admin.send<Dataset>('PATCH', `/api/v1/datasets/${slug}`, change, { 'if-match': '"1"' });
    expect(changed.termsVersion).toBe(version);
  });
  it('archives and takes out of the archive again', async () => {
    await create('old');
    const archive = (archived: boolean, version: number) =>
      admin.send<Dataset>('PATCH', '/api/v1/datasets/old', { archived }, { 'if-match': `"${version}"` });
    expect((await archive(true, 1)).body.archived).toBe(true);
    expect((await archive(false, 2)).body.archived).toBe(false);
  });
  it('401, 403 and 404', async () => {
    const headers = { 'if-match': '"1"' };
    expect((await world.anonymous.send('PATCH', '/api/v1/datasets/garden', {}, headers)).status).toBe(401);
    expect((await volunteer.send('PATCH', '/api/v1/datasets/garden', {}, headers)).status).toBe(403);
    expect((await admin.send('PATCH', '/api/v1/datasets/nowhere', { title: 'Some title' }, headers)).status).toBe(404);
  });
});

describe('categories', () => {
  const soil = { slug: 'soil', title: 'Soil', guideline: 'All about earth.', targetCount: 10 };
  it('are added at the end and changed', async () => {
    await create('grown');
    const { status, body: added } = await admin.send<Dataset>('POST', '/api/v1/datasets/grown/categories', soil);
    expect(status).toBe(201);
    expect(added.categories.at(-1)).toMatchObject({ slug: 'soil', targetCount: 10, approved: 0 });
    expect(added.version).toBe(2);
    const example = { instruction: 'What is loam?', response: 'Earth of sand, silt and clay.', why: 'Short and right.' };
    const changed = await admin.send<Dataset>('PATCH', '/api/v1/datasets/grown/categories/soil', { goodExample: example, targetCount: 3 });
    expect(changed.body.categories.at(-1)).toMatchObject({ goodExample: example, targetCount: 3, title: 'Soil' });
    const cleared = await admin.send<Dataset>('PATCH', '/api/v1/datasets/grown/categories/soil', { goodExample: null });
    expect(cleared.body.categories.at(-1)?.goodExample).toBe(null);
  });
  it('409 for a slug in use, 404, 400, 401 and 403', async () => {
    await create('fixed');
    await admin.send('POST', '/api/v1/datasets/fixed/categories', soil);
    expect((await admin.send('POST', '/api/v1/datasets/fixed/categories', soil)).body).toMatchObject({ code: 'slug_taken' });
    expect((await admin.send('POST', '/api/v1/datasets/nowhere/categories', soil)).status).toBe(404);
    expect((await admin.send('PATCH', '/api/v1/datasets/fixed/categories/none', { title: 'None' })).status).toBe(404);
    expect((await admin.send('POST', '/api/v1/datasets/fixed/categories', { ...soil, targetCount: -1 })).status).toBe(400);
    expect((await world.anonymous.send('POST', '/api/v1/datasets/fixed/categories', soil)).status).toBe(401);
    expect((await volunteer.send('PATCH', '/api/v1/datasets/fixed/categories/soil', { title: 'Mine' })).status).toBe(403);
  });
});

describe('terms', () => {
  it('are accepted in their present version; accepting twice keeps the first', async () => {
    await create('accepted');
    const accept = (termsVersion: number) => volunteer.send('POST', '/api/v1/datasets/accepted/terms-acceptance', { termsVersion });
    const first = await accept(1);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ termsVersion: 1, licence: 'CC-BY-4.0' });
    expect((await accept(1)).body).toEqual(first.body);
    expect((await accept(2)).body).toMatchObject({ code: 'version_conflict', data: { current: 1 } });
    expect((await accept(0)).status).toBe(400);
    expect((await volunteer.send('POST', '/api/v1/datasets/nowhere/terms-acceptance', { termsVersion: 1 })).status).toBe(404);
    expect((await world.anonymous.send('POST', '/api/v1/datasets/accepted/terms-acceptance', { termsVersion: 1 })).status).toBe(401);
  });
});

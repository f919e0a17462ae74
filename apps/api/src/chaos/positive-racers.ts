import type { Racer, RacingWorld } from './racing-world.ts';

/** A request that succeeds once, and how often what it does was done: 1 is right. */
type Positive = (world: RacingWorld) => Promise<Racer & { done?: () => Promise<number> }>;

const counted = (world: RacingWorld, sql: string, values: unknown[]) => async () =>
  Number((await world.db.executeSql(`SELECT count(*) AS count FROM ${sql}`, values)).rows[0]?.['count']);

const leased = async (world: RacingWorld): Promise<{ id: string; entry: { id: string } }> => {
  await world.entry();
  const { body } = await world.call('reviewer', 'POST', '/api/v1/review-tasks/next', { dataset: world.slug });
  return body['task'] as { id: string; entry: { id: string } };
};

/** Requests with positive data, by endpoint. The others of the contract race with their example and an id that does not exist. */
export const positiveRacers: Record<string, Positive> = {
  'datasets.create': async (w) => {
    const slug = w.unique();
    const body = { slug, title: 'Race', description: 'A dataset for tests.', licence: 'CC0-1.0', languages: ['en'] };
    return { headers: w.as('admin'), params: {}, body, done: counted(w, 'datasets WHERE slug = $1', [slug]) };
  },
  'datasets.addCategory': async (w) => {
    const slug = w.unique();
    const body = { slug, title: slug, guideline: 'Write well.', targetCount: 10 };
    return { headers: w.as('admin'), params: { slug: w.slug }, body, done: counted(w, 'categories WHERE slug = $1', [slug]) };
  },
  'entries.create': async (w) => {
    const body = w.pair();
    return {
      headers: w.as('author'),
      params: { slug: w.slug },
      body,
      done: counted(w, 'revisions WHERE text = $1', [body.response.text]),
    };
  },
  'entries.revise': async (w) => {
    const id = await w.entry();
    const body = { response: { text: `Another answer, ${w.unique()}, that is longer than before.` } };
    return {
      headers: w.as('author'),
      params: { id },
      body,
      ifMatch: '"1"',
      done: counted(w, 'revisions WHERE entry_id = $1::uuid AND number = 2', [id]),
    };
  },
  'entries.retract': async (w) => {
    const id = await w.entry();
    const body = { reason: 'I found a mistake that I cannot mend.' };
    return {
      headers: w.as('author'),
      params: { id },
      body,
      done: counted(w, `events WHERE entry_id = $1::uuid AND kind = 'entry_retracted'`, [id]),
    };
  },
  'drafts.save': async (w) => {
    const id = crypto.randomUUID();
    const content = { kind: 'pair', category: w.category, language: 'en', instruction: 'Why do granaries stand on' };
    const body = { datasetSlug: w.slug, baseVersion: 0, content };
    return { headers: w.as('author'), params: { id }, body, done: counted(w, 'drafts WHERE id = $1::uuid AND version = 1', [id]) };
  },
  'reviews.submit': async (w) => {
    const task = await leased(w);
    const done = counted(w, 'reviews r JOIN revisions v ON v.id = r.revision_id WHERE v.entry_id = $1::uuid', [task.entry.id]);
    return { headers: w.as('reviewer'), params: { id: task.id }, body: { verdict: 'approve' }, done };
  },
  'reviews.skip': async (w) => ({ headers: w.as('reviewer'), params: { id: (await leased(w)).id }, body: { reason: 'unsure' } }),
  'reviews.heartbeat': async (w) => ({ headers: w.as('reviewer'), params: { id: (await leased(w)).id } }),
  'reviews.next': async (w) => {
    await w.entry();
    return { headers: w.as('reviewer'), params: {}, body: { dataset: w.slug } };
  },
  'moderation.flag': async (w) => {
    const id = await w.approved();
    const body = { reason: 'copied', note: 'Word for word from an encyclopedia.' };
    return { headers: w.as('reviewer'), params: { id }, body, done: counted(w, 'flags WHERE entry_id = $1::uuid', [id]) };
  },
  'moderation.retract': async (w) => {
    const id = await w.entry();
    const body = { reason: 'Copied from a site whose terms forbid it.' };
    return {
      headers: w.as('admin'),
      params: { id },
      body,
      done: counted(w, `events WHERE entry_id = $1::uuid AND kind = 'entry_retracted'`, [id]),
    };
  },
  'moderation.setRole': async (w) => ({
    headers: w.as('admin'),
    params: { id: w.ids['reviewer'] },
    body: { role: 'reviewer', reason: 'Careful work over many weeks.' },
  }),
  'publishing.setPlan': async (w) => ({
    headers: w.as('admin'),
    params: { slug: w.slug },
    body: { mode: 'weekly', weekday: 1, hour: 3, selection: {}, notes: 'The weekly release.' },
    done: counted(w, `publishing_plans p JOIN datasets d ON d.id = p.dataset_id WHERE d.slug = $1`, [w.slug]),
  }),
  'imports.start': async (w) => {
    const id = await w.upload();
    const body = {
      format: 'dolly',
      mapping: null,
      defaultCategory: w.category,
      originName: 'Numbers',
      licence: 'CC0-1.0',
      status: 'approved',
    };
    return {
      headers: w.as('admin'),
      params: { id },
      body,
      done: counted(w, `events WHERE kind = 'import_started' AND payload->>'importId' = $1`, [id]),
    };
  },
  'snapshots.create': async (w) => {
    await w.approved();
    const before = Number((await w.db.executeSql('SELECT count(*) AS count FROM snapshots')).rows[0]?.['count']);
    const now = counted(w, 'snapshots', []);
    return {
      headers: w.as('admin'),
      params: { slug: w.slug },
      body: { selection: {}, notes: 'A race.' },
      done: async () => (await now()) - before,
    };
  },
};

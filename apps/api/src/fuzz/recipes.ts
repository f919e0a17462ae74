import { randomBytes } from 'node:crypto';
import { Prisma } from '@granary/db';
import { cookieName } from '../http/cookies.ts';
import { createRefreshToken } from '../modules/accounts/secrets.ts';
import { hashToken } from '../plugins/auth.ts';
import type { TestUser } from '../testing.ts';
import { knownEmail, password, playground, select, type World } from './world.ts';

/** What a request has to hold for an operation to succeed as things are now; the rest is drawn from the schemas. */
export type Ingredients = {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  /** Fields of the body; `wholeBody` instead of the drawn one. */
  body?: Record<string, unknown>;
  wholeBody?: unknown;
  headers?: Record<string, string>;
};
export type Recipe = (world: World, user: TestUser | null) => Promise<Ingredients>;

const nobody = '00000000-0000-4000-8000-000000000000';
const idOf = (user: TestUser | null) => user?.id ?? nobody;
const shapes = { slug: 'shapes' };

/** The first column of the first row as `id`; what `otherwise` makes when there is none. */
async function idFrom(world: World, sql: Prisma.Sql, otherwise?: () => Promise<{ id: string }>): Promise<Ingredients> {
  const [row] = await select(world, sql);
  const id = row === undefined ? ((await otherwise?.())?.id ?? nobody) : String(Object.values(row)[0]);
  return { params: { id } };
}

const ownEntry =
  (status: Prisma.Sql): Recipe =>
  (world, user) =>
    idFrom(
      world,
      Prisma.sql`SELECT id::text FROM entries WHERE author_id = ${idOf(user)}::uuid AND role = 'response' AND ${status} ORDER BY random() LIMIT 1`,
      async () => (user === null ? { id: nobody } : world.made.entry(user)),
    );

/** An approved response under a condition, or a new one by `author`: to approve takes more than any request that is about it. */
const approvedResponse = (world: World, condition: Prisma.Sql, author?: TestUser) =>
  idFrom(
    world,
    Prisma.sql`SELECT id::text FROM entries e WHERE role = 'response' AND status = 'approved' AND ${condition} ORDER BY random() LIMIT 1`,
    () => world.made.approved(author),
  );
const withoutProposal = Prisma.sql`NOT EXISTS (SELECT 1 FROM edit_proposals p WHERE p.entry_id = e.id AND p.status = 'open')`;
const withoutItem = Prisma.sql`NOT EXISTS (SELECT 1 FROM calibration_items i WHERE i.entry_id = e.id)`;
const withoutFlag = Prisma.sql`NOT EXISTS (SELECT 1 FROM flags f WHERE f.entry_id = e.id)`;
/** Rows of the published snapshots stay: requests are about them, too. */
const unpublished = Prisma.sql`NOT EXISTS (SELECT 1 FROM snapshot_pairs s WHERE s.response_id = e.id)`;
const notBy = (user: TestUser | null) => Prisma.sql`author_id <> ${idOf(user)}::uuid`;
const notUnderOneBy = (user: TestUser | null) =>
  Prisma.sql`NOT EXISTS (SELECT 1 FROM entries q WHERE q.id = e.parent_id AND q.author_id = ${idOf(user)}::uuid)`;

const othersResponse: Recipe = (world, user) => approvedResponse(world, notBy(user));

const revisionOf = async (world: World, given: Ingredients): Promise<Ingredients> => {
  const [row] = await select(world, Prisma.sql`SELECT revision_number FROM entries WHERE id = ${String(given.params?.['id'])}::uuid`);
  const response = { text: `Every side ends in a corner: ${randomBytes(4).toString('hex')}.` };
  return { ...given, headers: { 'if-match': `"${String(row?.['revision_number'] ?? 1)}"` }, wholeBody: { response, note: 'Says more.' } };
};

/** A seat of the user's own. */
const heldTask: Recipe = async (world, user) => {
  if (user === null) return { params: { id: nobody } };
  const added = await world.made.entry();
  const task = await world.db.prisma.reviewTask.findFirstOrThrow({ where: { entryId: added.id, closedAt: null } });
  const lease = { leasedById: user.id, leaseExpiresAt: new Date(Date.now() + 600_000) };
  await world.db.prisma.reviewTask.update({ where: { id: task.id }, data: lease });
  return { params: { id: task.id }, wholeBody: { verdict: 'approve', ratings: { helpfulness: 4 } } };
};

const heldComparison: Recipe = async (world, user) => {
  const find = () =>
    select(
      world,
      Prisma.sql`UPDATE comparison_pairs p SET leased_by_id = ${idOf(user)}::uuid, lease_expires_at = now() + interval '10 minutes'
        WHERE id = (SELECT id FROM comparison_pairs q WHERE NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.user_id = ${idOf(user)}::uuid
          AND c.a_revision_id = q.a_revision_id AND c.b_revision_id = q.b_revision_id) ORDER BY random() LIMIT 1) RETURNING id::text, a_id::text`,
    );
  if (user === null) return { params: { id: nobody } };
  let [row] = await find();
  if (row === undefined) {
    await world.db.prisma.comparison.deleteMany({ where: { userId: user.id } });
    [row] = await find();
  }
  if (row === undefined) {
    await world.made.alternatives();
    [row] = await find();
  }
  return { params: { id: row?.['id'] ?? nobody }, wholeBody: { answer: 'left', left: row?.['a_id'] ?? nobody } };
};

/** An open proposal by `by` for an entry by `author`, made over the API. */
async function openProposal(world: World, by: TestUser, author: TestUser): Promise<Ingredients> {
  const mine = Prisma.sql`author_id = ${author.id}::uuid AND ${withoutProposal} AND ${unpublished}`;
  const { params, headers, wholeBody } = await revisionOf(world, await approvedResponse(world, mine, author));
  const reply = await by.send<{ id: string }>('POST', `/api/v1/entries/${String(params?.['id'])}/edit-proposals`, wholeBody, headers);
  return { params: { id: reply.body.id } };
}

const decidedItem: Recipe = async (world, user) => ({
  ...(await approvedResponse(world, Prisma.sql`${withoutItem} AND ${notBy(user)} AND ${notUnderOneBy(user)}`)),
  wholeBody: { expected: 'approve', explanation: 'It is right, and says why.' },
});
const calibrationItem: Recipe = async (world) => {
  const { moderator } = world.users;
  const { params, wholeBody } = await decidedItem(world, moderator);
  const makeItem = () => moderator.send<{ id: string }>('POST', `/api/v1/entries/${String(params?.['id'])}/calibration-item`, wholeBody);
  const item = await idFrom(
    world,
    Prisma.sql`SELECT id::text FROM calibration_items WHERE retired_at IS NULL LIMIT 1`,
    async () => (await makeItem()).body,
  );
  return { ...item, wholeBody };
};

async function link(world: World, kind: 'password_reset' | 'email_change', withToken: boolean): Promise<{ id: string; token: string }> {
  const token = randomBytes(32).toString('base64url');
  const owner = await world.db.prisma.user.create({
    data: {
      email: `${token.toLowerCase()}@example.org`,
      passwordHash: 'none',
      displayName: token,
      displayNameKey: token,
      role: 'contributor',
    },
  });
  const { id } = await world.db.prisma.oneTimeLink.create({
    data: {
      kind,
      userId: owner.id,
      tokenHash: withToken ? hashToken(token) : null,
      email: kind === 'email_change' ? `new-${owner.email}` : null,
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  });
  return { id, token };
}

const uploaded: Recipe = async (world) => {
  const row = JSON.stringify({ instruction: `What is ${randomBytes(4).toString('hex')}?`, context: '', response: 'A number.' });
  const url = '/api/v1/datasets/shapes/imports?fileName=rows.jsonl';
  const reply = await world.admin.send<{ import: { id: string } }>('POST', url, row, { 'content-type': 'application/octet-stream' });
  const wholeBody = { format: 'dolly', defaultCategory: 'open_qa', originName: 'A test', licence: 'MIT' };
  return { params: { id: reply.body.import.id }, wholeBody };
};

const webhook: Recipe = async (world) => {
  // A dataset has a limited number; those of earlier requests are of no use any more.
  await world.db.prisma.webhook.deleteMany({});
  const reply = await world.admin.send<{ webhook: { id: string } }>('POST', '/api/v1/datasets/shapes/webhooks', {
    url: 'https://example.org/hook',
  });
  return { params: { ...shapes, id: reply.body.webhook.id } };
};

const someUser =
  (status: 'active' | 'suspended'): Recipe =>
  async (world) => {
    const { id } = await world.signIn();
    await world.db.prisma.user.update({ where: { id }, data: { status } });
    return { params: { id } };
  };

const snapshot = { ...shapes, number: 2 };
const hub = { namespace: 'granary', slug: 'shapes', revision: 'main', '*': 'README.md' };

/** Only operations that need more than their schema says: what they are about, and what state it has to be in. */
export const recipes: Record<string, Recipe> = {
  'accounts.signIn': async () => ({ wholeBody: { email: knownEmail, password } }),
  'accounts.signUp': async () => ({
    body: { email: `${randomBytes(6).toString('hex')}@example.org`, displayName: `New ${randomBytes(6).toString('hex')}` },
  }),
  'accounts.refresh': async (world) => {
    const id = crypto.randomUUID();
    const refreshToken = createRefreshToken(id);
    const { id: userId } = await world.db.prisma.user.findUniqueOrThrow({ where: { email: knownEmail } });
    await world.db.prisma.session.create({
      data: { id, userId, currentTokenHash: hashToken(refreshToken), expiresAt: new Date(Date.now() + 86_400_000) },
    });
    return { headers: { cookie: `${cookieName('refresh', false)}=${encodeURIComponent(refreshToken)}` } };
  },
  'accounts.completePasswordReset': async (world) => ({ body: { token: (await link(world, 'password_reset', true)).token } }),
  'accounts.confirmEmail': async (world) => ({ body: { token: (await link(world, 'email_change', true)).token } }),
  'accounts.createAccessToken': async () => ({ body: { password, scopes: ['read'] } }),
  'accounts.changePassword': async () => ({ body: { currentPassword: password } }),
  'accounts.changeEmail': async () => ({ body: { password, newEmail: `${randomBytes(6).toString('hex')}@example.org` } }),
  'accounts.updateMe': async () => ({ body: { displayName: `Name ${randomBytes(6).toString('hex')}` } }),
  'accounts.endSession': async (world, user) => {
    const data = { userId: idOf(user), currentTokenHash: randomBytes(16).toString('hex'), expiresAt: new Date(Date.now() + 86_400_000) };
    return { params: { id: user === null ? nobody : (await world.db.prisma.session.create({ data })).id } };
  },
  'accounts.revokeAccessToken': async (world, user) => {
    const data = { userId: idOf(user), name: 'fuzz', prefix: 'grn_fuzz', tokenHash: randomBytes(16).toString('hex'), scopes: [] };
    return { params: { id: user === null ? nobody : (await world.db.prisma.accessToken.create({ data })).id } };
  },
  'accounts.issuePasswordResetLink': async (world) => ({ params: { id: (await link(world, 'password_reset', false)).id } }),
  'datasets.create': async () => ({ body: { slug: `new-${randomBytes(6).toString('hex')}` } }),
  'datasets.update': async (world) => {
    const { version } = await world.db.prisma.dataset.findUniqueOrThrow({ where: { slug: playground } });
    return { params: { slug: playground }, headers: { 'if-match': `"${version}"` } };
  },
  'datasets.addCategory': async () => ({ params: { slug: playground }, body: { slug: `new-${randomBytes(6).toString('hex')}` } }),
  'datasets.updateCategory': async () => ({ params: { slug: playground, category: 'open_qa' } }),
  'datasets.acceptTerms': async () => ({ params: shapes, wholeBody: { termsVersion: 1 } }),
  'entries.create': async () => {
    const n = randomBytes(4).toString('hex');
    const wholeBody = {
      kind: 'pair',
      category: 'open_qa',
      language: 'en',
      instruction: { text: `What is the number ${n}?` },
      response: { text: `It is ${n}.` },
    };
    return { params: shapes, query: {}, wholeBody };
  },
  'entries.get': othersResponse,
  'entries.revise': async (world, user) => ({
    ...(await revisionOf(world, await ownEntry(Prisma.sql`status IN ('in_review', 'approved')`)(world, user))),
    query: {},
  }),
  'entries.appeal': (world, user) =>
    user === null ? Promise.resolve({ params: { id: nobody } }) : world.made.rejected(user).then(({ id }) => ({ params: { id } })),
  'entries.propose': async (world, user) => ({
    ...(await revisionOf(world, await approvedResponse(world, Prisma.sql`${notBy(user)} AND ${withoutProposal}`))),
    query: {},
  }),
  'entries.acceptProposal': async (world, user) => openProposal(world, world.helpers[1] as TestUser, user ?? world.users.contributor),
  'entries.declineProposal': async (world, user) => openProposal(world, world.helpers[1] as TestUser, user ?? world.users.contributor),
  'entries.withdrawProposal': async (world, user) => openProposal(world, user ?? world.users.contributor, world.helpers[2] as TestUser),
  'entries.retract': async (world, user) =>
    user === null ? { params: { id: nobody } } : { params: { id: (await world.made.entry(user)).id } },
  'drafts.get': ownDraft,
  'drafts.remove': ownDraft,
  'drafts.save': async () => ({ params: { id: crypto.randomUUID() }, body: { datasetSlug: 'shapes', baseVersion: 0 } }),
  'reviews.heartbeat': heldTask,
  'reviews.release': heldTask,
  'reviews.skip': async (world, user) => ({ params: (await heldTask(world, user)).params ?? {}, wholeBody: {} }),
  'reviews.submit': heldTask,
  'reviews.undo': async (world, user) => {
    const { params, wholeBody } = await heldTask(world, user);
    const reply = await user?.send<{ reviewId: string }>('POST', `/api/v1/review-tasks/${String(params?.['id'])}/review`, wholeBody);
    return { params: { id: reply?.body.reviewId ?? nobody } };
  },
  'ratings.get': othersResponse,
  'ratings.rate': async (world, user) => ({ ...(await othersResponse(world, user)), wholeBody: { ratings: { helpfulness: 5 } } }),
  'ratings.clear': othersResponse,
  'comparisons.heartbeat': heldComparison,
  'comparisons.release': heldComparison,
  'comparisons.skip': heldComparison,
  'comparisons.answer': heldComparison,
  'comparisons.undo': async (world, user) => {
    const { params, wholeBody } = await heldComparison(world, user);
    const reply = await user?.send<{ answerId: string }>('POST', `/api/v1/comparisons/${String(params?.['id'])}/answer`, wholeBody);
    return { params: { id: reply?.body.answerId ?? nobody } };
  },
  'comparisons.strengths': othersResponse,
  'reliability.ofUser': async (world) => ({ params: { id: world.helpers[0]?.id } }),
  'reliability.estimate': async (world) => {
    await select(world, Prisma.sql`UPDATE reliability_estimates SET status = 'failed' WHERE status = 'queued' RETURNING id::text`);
    return { params: shapes };
  },
  'snapshots.events': async () => ({ params: { slug: 'shapes', number: 1 } }),
  'calibration.mark': decidedItem,
  'calibration.change': calibrationItem,
  'calibration.retire': calibrationItem,
  'pairs.list': async () => ({ query: { status: undefined, author: undefined } }),
  'contributors.get': async (world) => ({ params: { id: world.helpers[0]?.id } }),
  'moderation.flag': (world, user) => approvedResponse(world, Prisma.sql`${notBy(user)} AND ${withoutFlag}`),
  'moderation.resolveCollusion': async (world) => {
    const [one, other] = await Promise.all([world.signIn(), world.signIn()]);
    const [aId = '', bId = ''] = [one.id, other.id].toSorted();
    const { id: datasetId } = await world.db.prisma.dataset.findFirstOrThrow({ where: { slug: 'shapes' } });
    const evidence = { meetings: 12, expected: 1.5, approvals: 12, mutual: true, log10Probability: -9 };
    return world.db.prisma.collusionFlag
      .create({ data: { datasetId, aId, bId, kind: 'judging', evidence } })
      .then(({ id }) => ({ params: { id } }));
  },
  'moderation.resolveFlags': async (world) => {
    const { params } = await approvedResponse(world, Prisma.sql`${notBy(world.helpers[1] as TestUser)} AND ${withoutFlag}`);
    await world.helpers[1]?.send('POST', `/api/v1/entries/${String(params?.['id'])}/flags`, { reason: 'spam' });
    return { params: params ?? {} };
  },
  'moderation.decide': async (world) => ({ params: { id: (await world.made.escalated()).id } }),
  'moderation.retract': (world) => approvedResponse(world, unpublished),
  'moderation.restore': (world) =>
    idFrom(
      world,
      Prisma.sql`SELECT id::text FROM entries e WHERE role = 'response' AND status = 'retracted' AND ${unpublished} ORDER BY random() LIMIT 1`,
      () => world.made.retracted(),
    ),
  'moderation.user': someUser('active'),
  'moderation.suspend': someUser('active'),
  'moderation.reinstate': someUser('suspended'),
  'moderation.setRole': async (world) => ({ ...(await someUser('active')(world, null)), body: { role: 'reviewer' } }),
  'snapshots.preview': async () => ({ params: shapes, wholeBody: { selection: {} } }),
  'snapshots.create': async (world) => {
    await world.db.prisma.snapshot.updateMany({ where: { status: 'queued' }, data: { status: 'cancelled' } });
    return { params: shapes, wholeBody: { selection: {}, notes: 'Once more.' } };
  },
  'snapshots.cancel': async (world) => {
    await world.db.prisma.snapshot.updateMany({ where: { status: 'queued' }, data: { status: 'cancelled' } });
    const reply = await world.admin.send<{ number: number }>('POST', '/api/v1/datasets/shapes/snapshots', { selection: {} });
    return { params: { ...shapes, number: reply.body.number } };
  },
  'snapshots.file': async () => ({ params: { ...snapshot, '*': 'manifest.json' } }),
  'snapshots.latestFile': async () => ({ params: { ...shapes, '*': 'manifest.json' } }),
  'snapshotExports.get': async () => ({ params: snapshot, query: { format: 'dolly', encoding: 'jsonl' } }),
  'snapshotRows.list': async () => ({ params: snapshot }),
  'snapshotRows.get': snapshotRow,
  'snapshotRows.find': snapshotRow,
  'snapshotRows.report': async (world) => {
    await select(world, Prisma.sql`DELETE FROM flags RETURNING id::text`);
    return snapshotRow(world);
  },
  'snapshotChanges.list': async () => ({ params: snapshot, query: { since: 1 } }),
  'snapshotChanges.file': async () => ({ params: snapshot, query: { since: 1 } }),
  'snapshotStatistics.get': async () => ({ params: snapshot }),
  'publishing.changeWebhook': webhook,
  'publishing.removeWebhook': webhook,
  'publishing.testWebhook': webhook,
  'publishing.deliveries': webhook,
  'publishing.redeliver': async (world) => {
    const { params } = await webhook(world, null);
    const reply = await world.admin.send<{ id: string }>('POST', `/api/v1/datasets/shapes/webhooks/${String(params?.['id'])}/test`);
    return { params: { ...shapes, id: reply.body.id } };
  },
  'imports.upload': async () => ({
    params: shapes,
    query: { fileName: 'rows.jsonl' },
    wholeBody: '{"instruction":"What?","response":"That."}\n',
  }),
  'imports.get': uploaded,
  'imports.preview': uploaded,
  'imports.start': uploaded,
  'imports.cancel': uploaded,
  'imports.events': async (world) => {
    const { params } = await uploaded(world, null);
    return { params: params ?? {} };
  },
  'imports.report': uploaded,
  ...Object.fromEntries(
    ['get', 'revision', 'tree', 'refs', 'commits', 'authCheck', 'resolve', 'raw'].map((verb) => [
      `hub.${verb}`,
      async () => ({ params: hub }),
    ]),
  ),
  'hub.subtree': async () => ({ params: { ...hub, '*': 'data' } }),
  'hub.pathsInfo': async () => ({ params: hub, wholeBody: { paths: ['README.md'] } }),
};

async function ownDraft(_world: World, user: TestUser | null): Promise<Ingredients> {
  const id = crypto.randomUUID();
  await user?.send('PUT', `/api/v1/me/drafts/${id}`, { datasetSlug: 'shapes', baseVersion: 0, content: { kind: 'pair' } });
  return { params: { id } };
}

async function snapshotRow(world: World): Promise<Ingredients> {
  const [row] = await select(
    world,
    Prisma.sql`SELECT p.response_id::text FROM snapshot_pairs p JOIN snapshots s ON s.id = p.snapshot_id WHERE s.number = 2 LIMIT 1`,
  );
  return { params: { ...snapshot, id: row?.['response_id'] ?? nobody } };
}

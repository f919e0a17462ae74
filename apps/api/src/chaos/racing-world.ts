import { endpointPath, endpoints, type Endpoint } from '@granary/contract';
import { openDatabase } from '@granary/db';
import { accessTokenPrefix, hashToken } from '../plugins/auth.ts';
import { policyOf } from '../testing-community.ts';
import type { ServerProcess } from '../testing-process.ts';
import { ask, createVolunteer, type Reply } from './volunteer.ts';

/** A request that two processes get at the same moment. */
export type Racer = { headers: Record<string, string>; params: Record<string, unknown>; body?: unknown; ifMatch?: string };
export type RacingWorld = Awaited<ReturnType<typeof createRacingWorld>>;

type Item = { id: string };
const tokenOf = (name: string) => `${accessTokenPrefix}${name}`;

/** Every endpoint that writes JSON, by the contract. */
export const writes: { id: string; endpoint: Endpoint }[] = Object.entries(endpoints).flatMap(([group, rows]) =>
  Object.entries(rows as Record<string, Endpoint>)
    .filter(([, { method, kind }]) => method !== 'GET' && kind === 'json')
    .map(([name, endpoint]) => ({ id: `${group}.${name}`, endpoint })),
);

/** People and content for requests, on the database that both processes share. */
export async function createRacingWorld(url: string, [one, other]: [ServerProcess, ServerProcess]) {
  const people = { admin: 'admin', reviewer: 'reviewer', author: 'contributor' } as const;
  const ids: Record<string, string> = {};
  const cookies: Record<string, string> = {};
  const volunteers: Record<string, Awaited<ReturnType<typeof createVolunteer>>> = {};
  const db = await openDatabase({ url, poolSize: 2 });
  for (const [name, role] of Object.entries(people)) {
    const volunteer = await createVolunteer(one.url, name);
    const user = await db.prisma.user.update({ where: { email: `${name}@example.org` }, data: { role } });
    const expiresAt = new Date(Date.now() + 86_400_000);
    await db.prisma.accessToken.create({
      data: {
        userId: user.id,
        name,
        prefix: tokenOf(name).slice(0, 8),
        tokenHash: hashToken(tokenOf(name)),
        scopes: ['read', 'contribute', 'review', 'moderate', 'admin'],
        expiresAt,
      },
    });
    ids[name] = user.id;
    cookies[name] = volunteer.cookie;
    volunteers[name] = volunteer;
  }
  const { slug, category } = volunteers['author'] as NonNullable<(typeof volunteers)[string]>;
  const as = (name: keyof typeof people) => ({ authorization: `Bearer ${tokenOf(name)}` });
  let made = 0;

  const call = async (who: keyof typeof people, method: string, path: string, body?: unknown): Promise<Reply> => {
    const reply = await ask(one.url, method, path, body === undefined ? undefined : JSON.stringify(body), as(who));
    if (reply === null) throw new Error(`No answer to ${method} ${path}`);
    return reply;
  };
  const pair = () => {
    made += 1;
    return {
      kind: 'pair',
      category,
      language: 'en',
      instruction: { text: `How many sacks fit into the racing granary number ${made}?` },
      response: { text: `The racing granary number ${made} holds ${made * 7} sacks when it is full.` },
    };
  };
  /** A pair of the author's that waits for review: the id of its response. */
  const entry = async () => ((await call('author', 'POST', `/api/v1/datasets/${slug}/entries`, pair())).body['entry'] as Item).id;
  const approved = async () => {
    const id = await entry();
    await db.executeSql(`UPDATE datasets SET policy = $2::jsonb WHERE slug = $1`, [slug, JSON.stringify(policyOf({ floor: 'none' }))]);
    for (let turn = 0; turn < 20; turn += 1) {
      const task = (await call('reviewer', 'POST', '/api/v1/review-tasks/next', { dataset: slug })).body['task'] as
        (Item & { entry: Item }) | null;
      if (task === null) break;
      await call('reviewer', 'POST', `/api/v1/review-tasks/${task.id}/review`, { verdict: 'approve' });
      if (task.entry.id === id) break;
    }
    return id;
  };

  return {
    db,
    ids,
    slug,
    category,
    pair,
    entry,
    approved,
    call,
    as,
    unique: () => `race-${(made += 1)}`,
    async upload(): Promise<string> {
      const row = JSON.stringify({
        instruction: `How many is ${(made += 1)} and one?`,
        context: '',
        response: `It is ${made + 1}.`,
        category,
      });
      const response = await fetch(`${one.url}/api/v1/datasets/${slug}/imports?fileName=rows.jsonl`, {
        method: 'POST',
        headers: { ...as('admin'), 'content-type': 'application/octet-stream' },
        body: `${row}\n`,
      });
      return ((await response.json()) as { import: Item }).import.id;
    },
    /** The request's headers for an endpoint: a session where only that will do. */
    headersFor: ({ permission }: Endpoint): Record<string, string> =>
      permission === 'account:manage' || permission === 'public' ? { cookie: cookies['author'] ?? '' } : as('admin'),
    /** Sends the same to both processes at once. */
    race: (endpoint: Endpoint, { headers, params, body, ifMatch }: Racer, key?: string) => {
      const path = endpointPath(endpoint.path, params);
      const all = {
        ...headers,
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      };
      const text = body === undefined ? undefined : JSON.stringify(body);
      return Promise.all([one, other].map((server) => ask(server.url, endpoint.method, path, text, all)));
    },
    close: () => db.close(),
  };
}

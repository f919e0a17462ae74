import { text } from 'node:stream/consumers';
import { permissions, roles, type Endpoint, type Role } from '@granary/contract';
import fc from 'fast-check';
import { listEndpoints } from '../openapi/document.ts';
import type { TestUser } from '../testing.ts';
import type { Hints } from './arbitraries.ts';
import { createDraw, type Draw } from './draw.ts';
import { documentedStatuses, judge, type Answer } from './judge.ts';
import { mutate } from './mutations.ts';
import { recipes, type Ingredients } from './recipes.ts';
import { drawParts, toRequest, type FuzzRequest } from './requests.ts';
import { createWorld, fuzzedRoles, restoreUser, type FuzzedRole, type World } from './world.ts';

export type Finding = { index: number; operation: string; role: FuzzedRole; request: FuzzRequest; answer: Answer; wrong: string[] };
export type FuzzReport = {
  requests: number;
  findings: Finding[];
  /** For each role: operations it may call, and those of them that were answered 2xx at least once. */
  reached: Record<FuzzedRole, { allowed: number; reached: number }>;
  /** Operations that nobody ever got a 2xx or 3xx of. */
  neverReached: string[];
};
export type FuzzOptions = {
  seed: number;
  requests: number;
  /** The first request; those before it are not sent. */
  from?: number;
  /** Milliseconds after which an answer counts as wrong; without it, time does not matter. */
  slowMs?: number;
  onProgress?: (done: number) => void;
  onFinding?: (finding: Finding) => void;
};

/** Operations that cannot be reached here, each with the reason. */
const outOfReach = (world: World) =>
  new Map([
    ['accounts.setup', 'makes the first admin, and there is one'],
    ...(world.db.kind === 'postgres' ? [['system.backup', 'PostgreSQL is backed up from the command line'] as const] : []),
  ]);

const operations = listEndpoints();
const hintsFor = (world: World): Hints => ({
  slug: ['shapes', 'playground'],
  dataset: ['shapes'],
  datasetSlug: ['shapes'],
  namespace: ['granary'],
  revision: ['main', 'v1', 'v2'],
  number: [1, 2, '1'],
  since: [1],
  category: ['open_qa'],
  language: ['en', 'de'],
  format: ['dolly', 'messages', 'dpo', 'full'],
  encoding: ['jsonl', 'jsonl.gz', 'csv'],
  termsVersion: [1],
  // Most lists are read from their beginning.
  cursor: [undefined],
  user: [world.admin.id, world.helpers[0]?.id],
  author: [world.helpers[0]?.id],
});
/** What may end the session of its caller, or change the account. */
const changesCaller = (operation: string) => operation.startsWith('accounts.');

/**
 * Sends `requests` requests to the production application, half of them spoilt in one way, over all operations and roles in turn, and judges
 * every answer. The same seed draws the same requests, apart from the ids that the database gives.
 */
export async function fuzz({ seed, requests, from = 0, slowMs, onProgress, onFinding }: FuzzOptions): Promise<FuzzReport> {
  const world = await createWorld();
  const statuses = documentedStatuses();
  const hints = hintsFor(world);
  const findings: Finding[] = [];
  const reached = new Map(fuzzedRoles.map((role) => [role, new Set<string>()]));
  const kitchen = createKitchen(world);
  try {
    for (let index = from; index < from + requests; index += 1) {
      const { id, endpoint } = operations[index % operations.length] as (typeof operations)[number];
      const role = fuzzedRoles[Math.floor(index / operations.length) % fuzzedRoles.length] as FuzzedRole;
      const user = role === 'anonymous' ? null : world.users[role];
      const allowed = isAllowed(role, endpoint);
      // Whoever may not call it is refused before anybody looks at what it is about.
      const given = allowed ? await kitchen.ingredients(id, user) : {};
      const request = makeRequest(endpoint, { given, hints, draw: createDraw(seed, index) });
      const answer = await send(world, user, { endpoint, request });
      const wrong = judge(endpoint, request, answer, {
        statuses: statuses.get(endpoint) ?? new Set(),
        allowed,
        ...(slowMs === undefined ? {} : { slowMs }),
      });
      if (wrong.length > 0) {
        const finding = { index, operation: id, role, request, answer, wrong };
        findings.push(finding);
        onFinding?.(finding);
      }
      if (answer.status < 400 && request.method === endpoint.method) reached.get(role)?.add(id);
      if (allowed && request.mutation !== '' && answer.status >= 400) kitchen.putBack(id, user, given);
      if (user !== null && answer.status < 400 && changesCaller(id)) await restoreUser(world, user);
      onProgress?.(index - from + 1);
    }
  } finally {
    await world.close();
  }
  return report({ requests, findings, reached, unreachable: outOfReach(world) });
}

/**
 * What requests need to succeed, made by the recipes. A spoilt request that was refused has left things as they were, so the next
 * one for the same operation and user takes them over; where it is refused unspoilt, they have changed, and are made anew.
 */
function createKitchen(world: World) {
  const left = new Map<string, Ingredients>();
  const key = (id: string, user: TestUser | null) => `${id} ${user?.id ?? ''}`;
  return {
    async ingredients(id: string, user: TestUser | null): Promise<Ingredients> {
      const found = left.get(key(id, user));
      left.delete(key(id, user));
      return found ?? (await recipes[id]?.(world, user)) ?? {};
    },
    putBack: (id: string, user: TestUser | null, given: Ingredients) => void left.set(key(id, user), given),
  };
}

function makeRequest(endpoint: Endpoint, { given, hints, draw }: { given: Ingredients; hints: Hints; draw: Draw }): FuzzRequest {
  const parts = drawParts(endpoint, { given, hints, draw });
  if (draw(fc.boolean())) return toRequest(endpoint, parts, '');
  const { parts: spoilt, mutation } = mutate(parts, draw, endpoint);
  return toRequest(endpoint, spoilt, mutation);
}

/** Milliseconds are those until the whole answer is there; of a file, whose size decides how long it takes, until it begins. */
async function send(
  { app }: World,
  user: TestUser | null,
  { endpoint, request }: { endpoint: Endpoint; request: FuzzRequest },
): Promise<Answer> {
  const { method, url, headers, payload } = request;
  const cookie =
    user === null || 'cookie' in headers
      ? {}
      : {
          cookie: Object.entries(user.cookies)
            .map((pair) => pair.join('='))
            .join('; '),
        };
  const began = performance.now();
  const reply = await app.inject({
    method: method as 'GET',
    url,
    headers: { ...cookie, ...headers },
    ...(payload === undefined ? {} : { payload }),
    payloadAsStream: true,
  });
  const begins = performance.now() - began;
  const body = await text(reply.stream());
  const { 'content-type': type } = reply.headers;
  return { status: reply.statusCode, type: String(type ?? ''), body, ms: endpoint.kind === 'file' ? begins : performance.now() - began };
}

function report({
  requests,
  findings,
  reached,
  unreachable,
}: {
  requests: number;
  findings: Finding[];
  reached: ReadonlyMap<FuzzedRole, ReadonlySet<string>>;
  unreachable: ReadonlyMap<string, string>;
}): FuzzReport {
  const ever = new Set([...reached.values()].flatMap((ids) => [...ids]));
  const shares = fuzzedRoles.map((role) => {
    const allowed = operations.filter(({ id, endpoint }) => !unreachable.has(id) && isAllowed(role, endpoint));
    return [role, { allowed: allowed.length, reached: allowed.filter(({ id }) => reached.get(role)?.has(id)).length }] as const;
  });
  return {
    requests,
    findings,
    reached: Object.fromEntries(shares) as FuzzReport['reached'],
    neverReached: operations.map(({ id }) => id).filter((id) => !ever.has(id) && !unreachable.has(id)),
  };
}

function isAllowed(role: FuzzedRole, { permission }: Endpoint): boolean {
  if (permission === 'public') return true;
  return role !== 'anonymous' && roles.indexOf(role) >= roles.indexOf(permissions[permission].role satisfies Role);
}

import { setTimeout as sleep } from 'node:timers/promises';

/** CHAOS=short is for every run of the tests; otherwise scenarios last longer. */
export const isShort = process.env['CHAOS'] === 'short';

/** Longest that anything may take to come back after a fault; the machine may be busy. */
export const patience = { timeout: 300_000, interval: 200 };

export type Reply = { status: number; body: Record<string, unknown>; headers: Headers };
export type Submission = { key: string; body: string };

/** A request as a browser or program makes it; null when the connection broke. */
export async function ask(
  url: string,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Reply | null> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
  } catch {
    return null;
  }
}

/** Somebody who has signed up and accepted the first dataset's terms, and who submits pairs, each under a key of its own. */
export async function createVolunteer(url: string, name = 'Steady') {
  const account = { email: `${name.toLowerCase()}@example.org`, password: 'a granary stands on staddle stones', displayName: name };
  const signedUp = await need(ask(url, 'POST', '/api/v1/auth/sign-up', JSON.stringify(account)), 201);
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { items } = (await need(ask(url, 'GET', '/api/v1/datasets'), 200)).body as { items: { slug: string }[] };
  const slug = items[0]?.slug ?? '';
  const dataset = (await need(ask(url, 'GET', `/api/v1/datasets/${slug}`), 200)).body as {
    termsVersion: number;
    categories: { slug: string }[];
  };
  const terms = JSON.stringify({ termsVersion: dataset.termsVersion });
  await need(ask(url, 'POST', `/api/v1/datasets/${slug}/terms-acceptance`, terms, { cookie }), 200, 201, 204);
  const path = `/api/v1/datasets/${slug}/entries`;
  let made = 0;
  return {
    slug,
    cookie,
    path,
    category: dataset.categories[0]?.slug ?? '',
    next(): Submission {
      made += 1;
      const instruction = { text: `How many sacks of barley fit into granary number ${made}?` };
      const response = { text: `Granary number ${made} holds ${made * 12} sacks when it is filled to the beam.` };
      const category = dataset.categories[0]?.slug;
      return { key: `chaos-${name}-${made}`, body: JSON.stringify({ kind: 'pair', category, language: 'en', instruction, response }) };
    },
    submit: ({ key, body }: Submission, to = url) => ask(to, 'POST', path, body, { cookie, 'idempotency-key': key }),
  };
}
export type Volunteer = Awaited<ReturnType<typeof createVolunteer>>;

async function need(asking: Promise<Reply | null>, ...statuses: number[]): Promise<Reply> {
  const reply = await asking;
  if (reply === null || !statuses.includes(reply.status)) throw new Error(`Expected ${statuses.join(' or ')}: ${JSON.stringify(reply)}`);
  return reply;
}

/** Submits under a stable key until it is acknowledged, as a browser that was offline does. */
export async function submitUntilAcknowledged(volunteer: Volunteer, submission: Submission): Promise<Reply> {
  const deadline = Date.now() + patience.timeout;
  for (;;) {
    const reply = await volunteer.submit(submission);
    if (reply?.status === 201) return reply;
    if (Date.now() > deadline) throw new Error(`Never acknowledged: ${JSON.stringify(reply)}`);
    await sleep(patience.interval);
  }
}

import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { deliverySchema, problemSchema, webhookBodySchema, webhookSchema } from '@granary/contract';
import type { Delivery } from '@granary/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import type { Services } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';
import { waitFor } from '../../testing-wait.ts';
import { addSampleDataset, addSamplePairs, sampleDatasetId, sampleSlug } from '../snapshots/sample-pairs.ts';
import { publishedSnapshot } from '../snapshots/test-publishing.ts';
import { createPostMessage } from './post-message.ts';
import { isPublicAddress, refuseUrl } from './public-address.ts';
import { seal, SealBrokenError, unseal } from './sealed-secret.ts';
import { signedHeaders } from './signature.ts';

/** The receiver of somebody else's making: it answers what it is told to, and keeps what it was sent. */
const received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let answer: (path: string) => { status: number; headers?: Record<string, string>; hang?: boolean } = () => ({ status: 204 });
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    const { status, headers, hang } = answer(request.url ?? '');
    if (!hang) response.writeHead(status, headers).end('An answer that nobody reads.');
  });
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  port = (receiver.address() as AddressInfo).port;
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(() => {
  received.length = 0;
  answer = () => ({ status: 204 });
});

describe('signature', () => {
  test('is that of the published example of Standard Webhooks', () => {
    const headers = signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      now: new Date(1_614_265_330_999),
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('secrets at rest', () => {
  test('open with the secret and row they were sealed for, and with no other', () => {
    const sealed = seal('whsec_abc', 'deployment', 'row');
    expect(sealed).not.toContain('abc');
    expect(seal('whsec_abc', 'deployment', 'row')).not.toBe(sealed);
    expect(unseal(sealed, 'deployment', 'row')).toBe('whsec_abc');
    expect(() => unseal(sealed, 'another', 'row')).toThrow(SealBrokenError);
    expect(() => unseal(sealed, 'deployment', 'another')).toThrow(SealBrokenError);
    expect(() => unseal(sealed.slice(0, -2), 'deployment', 'row')).toThrow(SealBrokenError);
    expect(() => unseal('plain', 'deployment', 'row')).toThrow(SealBrokenError);
  });
});

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'not-an-address',
    '',
  ])('%j is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
  test.each([
    'http://example.org/hook',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::ffff:7f00:1]/',
    'https://localhost/',
    'https://printer.local/',
    'https://db.internal/',
    'https://db.internal./',
    'https://intranet/',
    'https://user:secret@example.org/',
    'https://example.org/#part',
    'http://trusted.example:81/',
  ])('refuses %s', (url) => expect(refuseUrl(url, ['trusted.example:80', 'other.internal'])).toEqual(expect.any(String)));
  test.each(['https://example.org/hook?token=1', 'https://8.8.8.8:8443/', 'http://other.internal:9/x', 'https://other.internal/'])(
    'takes %s',
    (url) => expect(refuseUrl(url, ['trusted.example:80', 'other.internal'])).toBeNull(),
  );

  test.each(['https://example.org:25/', 'https://example.org:6379/', 'https://8.8.8.8:5432/', 'https://example.org:8080/'])(
    'refuses the port of %s, unless it is listed',
    (url) => {
      expect(refuseUrl(url, [])).toMatch(/^Use port 80, 443 or 8443: port \d+ is not called\.$/);
      expect(refuseUrl(url, [], [Number(new URL(url).port)])).toBeNull();
      expect(refuseUrl(url, [new URL(url).host])).toBeNull();
    },
  );
  test.each(['https://example.org/', 'https://example.org:8443/', 'https://example.org:80/'])('takes the port of %s', (url) =>
    expect(refuseUrl(url, [])).toBeNull(),
  );
  test('takes no port but the listed ones, not even the usual', () =>
    expect(refuseUrl('https://example.org/', [], [9443])).toBe('Use port 9443: port 443 is not called.'));

  const send = (url: string, options: Parameters<typeof createPostMessage>[0], signal = new AbortController().signal) =>
    createPostMessage(options)({ url, body: '{}', headers: {} }, signal);

  test.each([
    ['a private address', ['10.0.0.8']],
    ['a public and a private one', ['93.184.215.14', '127.0.0.1']],
    ['the address of a cloud’s metadata', ['169.254.169.254']],
  ])('a name that leads to %s is not called', async (_, addresses) => {
    const resolve = async () => addresses.map((address) => ({ address, family: 4 }));
    expect(await send(`https://hooks.example.org:${port}/`, { trusted: [], ports: [port], resolve })).toEqual({
      httpStatus: null,
      error: 'hooks.example.org leads into a private network, which is not called.',
    });
    expect(received).toEqual([]);
  });

  test('a port that is not listed is not called, and the name not even looked up', async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    expect(await send(`https://hooks.example.org:${port}/`, { trusted: [], resolve })).toEqual({
      httpStatus: null,
      error: `Use port 80, 443 or 8443: port ${port} is not called.`,
    });
    expect([asked, received]).toEqual([0, []]);
  });

  test('the connection goes to the address that was checked; the name is asked for once', async () => {
    let asked = 0;
    // No name server knows this name: whoever asked again would fail.
    const resolve = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const result = await send(`http://hooks.invalid:${port}/x`, { trusted: ['hooks.invalid'], resolve });
    expect(result).toEqual({ httpStatus: 204, error: null });
    expect(asked).toBe(1);
    expect(received[0]?.headers.host).toBe(`hooks.invalid:${port}`);
  });

  test('a redirect is not followed', async () => {
    answer = () => ({ status: 302, headers: { location: '/secret' } });
    const result = await send(`http://127.0.0.1:${port}/open`, { trusted: ['127.0.0.1'] });
    expect(result).toMatchObject({ httpStatus: 302, error: expect.stringContaining('redirects are not followed') as string });
    expect(received.map(({ path }) => path)).toEqual(['/open']);
  });

  test('a receiver that says nothing is left when the process stops, and an answer with endless headers is not read', async () => {
    const stop = new AbortController();
    answer = () => {
      stop.abort();
      return { status: 200, hang: true };
    };
    expect(await send(`http://127.0.0.1:${port}/`, { trusted: ['127.0.0.1'] }, stop.signal)).toMatchObject({ httpStatus: null });
    answer = () => ({ status: 200, headers: { long: 'x'.repeat(40_000) } });
    const long = await send(`http://127.0.0.1:${port}/`, { trusted: ['127.0.0.1'] });
    expect(long).toMatchObject({ httpStatus: null, error: expect.stringContaining('HPE_HEADER_OVERFLOW') as string });
  });
});

describe('webhooks of a dataset', () => {
  const base = `/api/v1/datasets/${sampleSlug}`;
  let t: TestApp;
  let admin: TestUser;
  let services: Services;
  let now = new Date('2026-11-26T10:00:00.000Z');

  beforeAll(async () => {
    t = await createTestApp({
      clock: () => now,
      env: { WEBHOOK_PRIVATE_HOSTS: `127.0.0.1:${port}`, PUBLIC_URL: 'https://granary.example' },
    });
    admin = await t.signIn('admin');
    services = createServices(t.deps);
    await t.deps.jobs.start();
    await registerJobHandlers(t.deps.jobs, services);
    await addSampleDataset(t.db);
    await addSamplePairs(t.db, [
      { instruction: 'What is a granary?', response: 'A storehouse for grain.' },
      { instruction: 'And what is a silo?', response: 'A tall one.' },
    ]);
  });
  afterAll(() => t.close());
  afterEach(async () => {
    await t.db.prisma.webhook.deleteMany();
  });

  async function add(path = '/hook') {
    const reply = await admin.send<{ webhook: unknown; secret: string }>('POST', `${base}/webhooks`, {
      url: `http://127.0.0.1:${port}${path}`,
    });
    expect(reply.status).toBe(201);
    return { webhook: webhookSchema.parse(reply.body.webhook), secret: reply.body.secret };
  }
  const deliveriesOf = async (id: string): Promise<Delivery[]> =>
    deliverySchema.array().parse((await admin.send<{ items: unknown[] }>('GET', `${base}/webhooks/${id}/deliveries`)).body.items);
  async function until(id: string, done: (delivery: Delivery) => boolean): Promise<Delivery> {
    const isDone = (delivery: Delivery | undefined) => delivery !== undefined && done(delivery);
    return (await waitFor('the newest delivery', { look: async () => (await deliveriesOf(id))[0], isDone }))!;
  }
  async function publish(): Promise<number> {
    const { body } = await admin.send<{ number: number }>('POST', `${base}/snapshots`, { selection: {}, notes: 'Fresh <grain>.' });
    return (await publishedSnapshot(admin, body.number)).number;
  }

  test('only who may publish sees them, the secret is shown once, and it is not in the database', async () => {
    const moderator = await t.signIn('moderator');
    expect((await moderator.send('GET', `${base}/webhooks`)).status).toBe(403);
    const { webhook, secret } = await add();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const listed = await admin.send('GET', `${base}/webhooks`);
    expect(listed.body).toEqual({ items: [webhook] });
    expect(listed.text).not.toContain('whsec_');
    const row = await t.db.prisma.webhook.findUniqueOrThrow({ where: { id: webhook.id } });
    expect(JSON.stringify(row)).not.toContain(secret.slice(6));
    const ofThis = { kind: 'webhook_added', payload: { path: ['webhookId'], equals: webhook.id } };
    const events = await t.db.prisma.event.findMany({ where: ofThis, select: { actorId: true, payload: true } });
    expect(events).toEqual([{ actorId: admin.id, payload: { webhookId: webhook.id, host: `127.0.0.1:${port}` } }]);
  });

  test.each([
    'http://example.org/',
    'https://localhost/',
    'https://10.1.2.3/',
    'http://127.0.0.1:1/',
    'ftp://example.org/',
    'https://example.org:6379/',
  ])('refuses %s by its field', async (url) => {
    const reply = await admin.send('POST', `${base}/webhooks`, { url });
    expect(problemSchema.parse(reply.body)).toMatchObject({ code: 'validation_failed', errors: [{ path: 'url' }] });
  });

  test('a published snapshot is told once, signed, to every webhook that is awake', async () => {
    const [first, resting] = [await add('/first'), await add('/resting')];
    expect((await admin.send('PATCH', `${base}/webhooks/${resting.webhook.id}`, { active: false })).status).toBe(200);
    const number = await publish();
    expect(await until(first.webhook.id, ({ status }) => status === 'delivered')).toMatchObject({
      event: 'snapshot.published',
      snapshot: number,
      attempts: 1,
      httpStatus: 204,
      error: null,
      nextAttemptAt: null,
    });
    await Promise.all([1, 2, 3].map(() => services.publishing.announcer.announce()));
    expect(await deliveriesOf(first.webhook.id)).toHaveLength(1);
    expect(await deliveriesOf(resting.webhook.id)).toEqual([]);
    expect(received.map(({ path }) => path)).toEqual(['/first']);
    const [message] = received;
    const body = webhookBodySchema.parse(JSON.parse(message!.body));
    expect(body).toMatchObject({
      type: 'snapshot.published',
      data: {
        dataset: sampleSlug,
        snapshot: number,
        pairs: 2,
        notes: 'Fresh <grain>.',
        page: `https://granary.example/datasets/${sampleSlug}/snapshots/${number}`,
        manifest: `https://granary.example${base}/snapshots/${number}/files/manifest.json`,
      },
    });
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = message!.headers;
    const expected = createHmac('sha256', Buffer.from(first.secret.slice(6), 'base64')).update(
      `${String(id)}.${String(time)}.${message!.body}`,
    );
    expect(signature).toBe(`v1,${expected.digest('base64')}`);
    expect(Number(time)).toBe(now.getTime() / 1000);
  });

  test('what changed is counted against the snapshot before', async () => {
    const { webhook } = await add();
    await publish();
    const [kept, gone] = await t.db.prisma.pair.findMany({ orderBy: { responseId: 'asc' } });
    await t.db.prisma.entry.update({ where: { id: gone!.responseId }, data: { status: 'retracted' } });
    await t.db.prisma.pair.delete({ where: { responseId: gone!.responseId } });
    const revision = await t.db.prisma.revision.create({
      data: { entryId: kept!.responseId, number: 2, text: 'Another text.', aiAssistance: 'none' },
    });
    await t.db.prisma.entry.update({ where: { id: kept!.responseId }, data: { currentRevisionId: revision.id } });
    await addSamplePairs(t.db, [{ instruction: 'New?', response: 'Yes.' }], 10);
    const number = await publish();
    await until(webhook.id, ({ status, snapshot }) => status === 'delivered' && snapshot === number);
    const body = webhookBodySchema.parse(JSON.parse(received.at(-1)!.body));
    expect(body).toMatchObject({ data: { changes: { since: number - 1, added: 1, edited: 1, retracted: 1, removed: 0 } } });
  });

  test('a crash between publishing and telling loses nothing: the next process tells', async () => {
    const { webhook } = await add();
    // As a process leaves it that was killed right after the transaction that published.
    await t.db.prisma.snapshot.create({
      data: {
        datasetId: sampleDatasetId,
        number: 500,
        status: 'published',
        selection: {},
        createdById: admin.id,
        contentHash: 'abc',
        counts: { pairs: 7, byCategory: [], byLanguage: [] },
        publishedAt: now,
      },
    });
    await services.publishing.announcer.announce();
    expect(await until(webhook.id, ({ status }) => status === 'delivered')).toMatchObject({ snapshot: 500 });
    await t.db.prisma.snapshot.deleteMany({ where: { number: 500 } });
  });

  test('a failed delivery is tried again after growing pauses with the same id and body, and given up after a day', async () => {
    const { webhook } = await add();
    answer = () => ({ status: 503 });
    await admin.send('POST', `${base}/webhooks/${webhook.id}/test`);
    let delivery = await until(webhook.id, ({ attempts }) => attempts === 1);
    delivery = await until(webhook.id, ({ error }) => error !== null);
    expect(delivery).toMatchObject({ status: 'pending', httpStatus: 503, error: 'The receiver answered 503; 2xx would have been right.' });
    const began = now;
    while (delivery.status === 'pending') {
      const { attempts } = delivery;
      // Not a moment before its time.
      now = new Date(Date.parse(delivery.nextAttemptAt ?? '') - 1);
      await services.publishing.announcer.deliver(delivery.id, { signal: new AbortController().signal });
      expect((await deliveriesOf(webhook.id))[0]).toMatchObject({ attempts });
      now = new Date(now.getTime() + 1);
      await Promise.all([1, 2].map(() => services.publishing.announcer.deliver(delivery.id, { signal: new AbortController().signal })));
      delivery = (await deliveriesOf(webhook.id))[0]!;
      expect(delivery.attempts).toBe(attempts + 1);
    }
    expect(delivery).toMatchObject({ status: 'failed', attempts: 9, nextAttemptAt: null });
    expect(now.getTime() - began.getTime()).toBeGreaterThan(24 * 3_600_000);
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery.id]));
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(received).toHaveLength(9);

    answer = () => ({ status: 200 });
    const again = await admin.send('POST', `${base}/webhook-deliveries/${delivery.id}/redeliver`);
    expect(again.status).toBe(202);
    expect(await until(webhook.id, ({ status }) => status === 'delivered')).toMatchObject({ id: delivery.id, attempts: 10 });
    expect(received.at(-1)?.headers['webhook-id']).toBe(delivery.id);
  });

  test('the chore takes up what nobody sends any more', async () => {
    const { webhook } = await add();
    await t.db.prisma.webhookDelivery.create({
      data: {
        webhookId: webhook.id,
        event: 'ping',
        body: '{}',
        attempts: 1,
        tries: 1,
        createdAt: now,
        lastAttemptAt: now,
        nextAttemptAt: now,
      },
    });
    await services.publishing.announcer.announce();
    expect(await until(webhook.id, ({ status }) => status === 'delivered')).toMatchObject({ attempts: 2 });
  });

  test('a receiver that is gone (410) is let rest, and so is what waits for one that is paused', async () => {
    const { webhook } = await add();
    answer = () => ({ status: 410 });
    await admin.send('POST', `${base}/webhooks/${webhook.id}/test`);
    expect(await until(webhook.id, ({ status }) => status === 'failed')).toMatchObject({ httpStatus: 410, attempts: 1 });
    expect((await t.db.prisma.webhook.findUniqueOrThrow({ where: { id: webhook.id } })).active).toBe(false);

    const other = await add();
    answer = () => ({ status: 500 });
    await admin.send('POST', `${base}/webhooks/${other.webhook.id}/test`);
    await until(other.webhook.id, ({ error }) => error !== null);
    await admin.send('PATCH', `${base}/webhooks/${other.webhook.id}`, { active: false });
    expect((await deliveriesOf(other.webhook.id))[0]).toMatchObject({
      status: 'failed',
      error: 'The webhook was paused.',
      nextAttemptAt: null,
    });
  });

  test('after SESSION_SECRET has changed, the delivery says what to do', async () => {
    const { webhook } = await add();
    const sealed = seal('whsec_x', 'another deployment', webhook.id);
    await t.db.prisma.webhook.update({ where: { id: webhook.id }, data: { secret: sealed } });
    await admin.send('POST', `${base}/webhooks/${webhook.id}/test`);
    const { error } = await until(webhook.id, (delivery) => delivery.error !== null);
    expect(error).toContain('SESSION_SECRET has changed');
    expect(received).toEqual([]);
  });

  test('pages of deliveries, what is not there, how many there may be, and what is swept', async () => {
    const { webhook } = await add();
    const at = (n: number) => new Date(now.getTime() - n * 1000);
    await t.db.prisma.webhookDelivery.createMany({
      data: [1, 2, 3].map((n) => ({ webhookId: webhook.id, event: 'ping', body: '{}', status: 'delivered' as const, createdAt: at(n) })),
    });
    const address = `${base}/webhooks/${webhook.id}/deliveries?limit=2`;
    const first = await admin.send<{ items: Delivery[]; nextCursor: string }>('GET', address);
    const second = await admin.send<{ items: Delivery[]; nextCursor: null }>('GET', `${address}&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items].map(({ createdAt }) => createdAt)).toEqual(
      [1, 2, 3].map((n) => at(n).toISOString()),
    );
    expect(second.body.nextCursor).toBeNull();
    const nowhere = crypto.randomUUID();
    for (const [method, path] of [
      ['PATCH', `webhooks/${nowhere}`],
      ['DELETE', `webhooks/${nowhere}`],
      ['POST', `webhooks/${nowhere}/test`],
      ['GET', `webhooks/${nowhere}/deliveries`],
      ['POST', `webhook-deliveries/${nowhere}/redeliver`],
    ] as const)
      expect((await admin.send(method, `${base}/${path}`, method === 'PATCH' ? { active: true } : undefined)).status).toBe(404);
    now = new Date(now.getTime() + 91 * 24 * 3_600_000);
    expect(await services.publishing.announcer.sweep()).toBe(3);
    for (let n = 1; n < 20; n += 1) await add(`/${n}`);
    const tooMany = await admin.send('POST', `${base}/webhooks`, { url: `http://127.0.0.1:${port}/` });
    expect(tooMany).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect((await admin.send('DELETE', `${base}/webhooks/${webhook.id}`)).status).toBe(204);
    expect((await admin.send('GET', `${base}/webhooks/${webhook.id}/deliveries`)).status).toBe(404);
  });
});

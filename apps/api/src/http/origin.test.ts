import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../config.ts';
import { addSampleDataset, sampleSlug } from '../modules/snapshots/sample-pairs.ts';
import { createTestApp, type TestApp } from '../testing.ts';

const open: TestApp[] = [];
afterAll(async () => {
  for (const app of open) await app.close();
});
async function start(env: Record<string, string>): Promise<TestApp> {
  const app = await createTestApp({ env });
  open.push(app);
  return app;
}

describe('TRUST_PROXY', () => {
  it.each([
    ['', false],
    ['0', false],
    ['off', false],
    ['1', 1],
    ['2', 2],
    ['127.0.0.1', ['127.0.0.1']],
    ['10.0.0.0/8, fd00::/8 ,loopback', ['10.0.0.0/8', 'fd00::/8', 'loopback']],
  ])('%j is read', (text, value) => {
    expect(readConfig([], { TRUST_PROXY: text }).trustProxy).toEqual(value);
  });

  it.each(['true', 'yes', '11', '-1', '1.5', 'nginx', '10.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8,', '10.0.0.0/8/8'])(
    '%j is refused with what would be right',
    (text) => {
      const read = () => readConfig([], { TRUST_PROXY: text });
      expect(read).toThrow(ConfigError);
      expect(read).toThrow(/TRUST_PROXY: Use 0, the number of proxies/);
    },
  );

  const byTrust = new Map<string, TestApp>();

  /** The address that a rate limit counts, for a request from `peer` with the header. */
  async function countedAddress(trust: string, peer: string, forwarded: string | undefined): Promise<string> {
    const app = byTrust.get(trust) ?? (await start({ TRUST_PROXY: trust, RATE_LIMIT_FACTOR: '1000' }));
    byTrust.set(trust, app);
    await app.db.prisma.rateLimit.deleteMany();
    await app.app.inject({
      method: 'POST',
      url: '/api/v1/auth/sign-in',
      remoteAddress: peer,
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      payload: { email: 'a@example.org', password: 'guess' },
    });
    const [row] = await app.db.prisma.rateLimit.findMany();
    return row?.key.replace('sign-in:', '') ?? '';
  }

  it.each([
    ['0', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    // What the visitor made up stands left of what the proxy wrote.
    ['1', '10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['1', '10.0.0.1', undefined, '10.0.0.1'],
    ['1', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['2', '10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['10.0.0.0/8', '10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['10.0.0.0/8', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ])('%j: a request from %s with X-Forwarded-For %j counts for %s', async (trust, peer, forwarded, address) => {
    expect(await countedAddress(trust, peer, forwarded)).toBe(address);
  });
});

describe('own origin', () => {
  const signIn = (app: TestApp, headers: Record<string, string>) =>
    app.anonymous.send('POST', '/api/v1/auth/sign-in', { email: 'a@example.org', password: 'guess' }, headers);

  it('X-Forwarded-Host never makes another site ours when PUBLIC_URL is set, whoever sends it', async () => {
    const app = await start({ PUBLIC_URL: 'https://granary.example', TRUST_PROXY: '1' });
    const evil = { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect(await signIn(app, evil)).toMatchObject({ status: 403, body: { code: 'cross_site_request' } });
    expect(await signIn(app, { origin: 'https://granary.example', host: 'inside:4321' })).toMatchObject({ status: 401 });
  });

  it('without PUBLIC_URL it counts from a trusted proxy only', async () => {
    const forwarded = { origin: 'http://granary.example', 'x-forwarded-host': 'granary.example' };
    expect(await signIn(await start({ TRUST_PROXY: 'loopback' }), forwarded)).toMatchObject({ status: 401 });
    expect(await signIn(await start({}), forwarded)).toMatchObject({ status: 403 });
  });
});

describe('addresses taken from Host', () => {
  const made = { host: 'made-up.example', 'x-forwarded-host': 'also-made-up.example' };

  it('are in no answer that a cache may keep, without PUBLIC_URL', async () => {
    const app = await start({ TRUST_PROXY: '1' });
    await addSampleDataset(app.db);
    const feed = await app.anonymous.send('GET', `/api/v1/datasets/${sampleSlug}/snapshots/feed.atom`, undefined, made);
    expect(feed).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=300' } });
    expect(feed.text).toContain(`href="/datasets/${sampleSlug}/snapshots"`);
    expect(feed.text).not.toContain('made-up.example');
    for (const url of ['/', '/api/docs', '/api/openapi.json', '/api/v1/session', `/api/v1/datasets/${sampleSlug}`, '/api/datasets']) {
      const reply = await app.anonymous.send('GET', url, undefined, made);
      const seen = JSON.stringify(reply.headers) + reply.text;
      expect([url, seen.includes('made-up.example')]).toEqual([url, false]);
      expect([url, reply.status < 500]).toEqual([url, true]);
    }
  });
});

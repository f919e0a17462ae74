import { afterAll, expect, it } from 'vitest';
import { redact } from './redact.ts';
import { createServices } from './services.ts';
import { createTestApp, type TestApp } from './testing.ts';

const lines: string[] = [];
const open: TestApp[] = [];
afterAll(async () => {
  for (const app of open) await app.close();
});

it.each(['trace', 'info', 'warn', 'error'])('links of setup, reset and confirmation are in no log line at the level %s', async (level) => {
  lines.length = 0;
  const app = await createTestApp({ mail: true, env: { LOG_LEVEL: level }, writeLog: (line) => void lines.push(line) });
  open.push(app);
  const setup = (await createServices(app.deps).accounts.createSetupLink('http://localhost')) ?? '';
  const email = 'ada@example.org';
  await app.anonymous.send('POST', '/api/v1/auth/sign-up', { email, password: 'a long sentence is a good password', displayName: 'Ada' });
  await app.anonymous.send('POST', '/api/v1/auth/password-reset', { email });
  await expect.poll(() => app.mails.length).toBe(2);
  const links = [setup, ...app.mails.map(({ text }) => /http\S+/.exec(text)?.[0] ?? '')];
  const tokens = links.map((link) => /token=([\w-]{43})/.exec(link)?.[1] ?? 'none');
  expect(tokens).not.toContain('none');
  for (const [n, link] of links.entries()) {
    // Where a link of an older version, or somebody's own doing, brings the token into an address.
    const { pathname, hash } = new URL(link);
    const address = `${pathname}?${hash.slice(1)}`;
    await app.anonymous.send('GET', address);
    await app.anonymous.send('GET', `/sign-in?next=${encodeURIComponent(address)}`);
    await app.anonymous.send('GET', `/api${address}`);
    app.app.log.error({ err: new Error(`Mail with ${link} bounced`), url: link, body: { token: tokens[n] } }, `could not send ${link}`);
  }
  const log = lines.join('');
  expect(log).toContain('/reset-password#token=[redacted]');
  for (const token of tokens) expect(log).not.toContain(token);
  // Still one JSON object per line.
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
});

it('takes every kind of secret out, and leaves everything else', () => {
  const refresh = `0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11.${'r'.repeat(43)}`;
  const text = `grn_${'a'.repeat(43)} whsec_${'b'.repeat(32)} ${refresh} eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJ4In0.abc`;
  expect(redact(text)).toBe('grn_[redacted] whsec_[redacted] 0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11.[redacted] [redacted]');
  const harmless = 'GET /datasets/granary-open?cursor=WyIyMDI2LTExIl0 0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11 a token is missing';
  expect(redact(harmless)).toBe(harmless);
});

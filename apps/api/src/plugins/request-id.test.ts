import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing.ts';

let test: TestApp;
beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

const made = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const idOf = async (url: string, given?: string) =>
  (await test.anonymous.send('GET', url, undefined, given === undefined ? {} : { 'x-request-id': given })).headers['x-request-id'];

it.each(['/api/health', '/', '/api/no-such-thing', '/api/v1/me', '/api/v1/users/%00', '/api/docs'])(
  '%s answers with an id of its own',
  async (url) => {
    expect(await idOf(url)).toMatch(made);
  },
);

it.each(['req-1', 'a'.repeat(128), '4bf92f3577b34da6a3ce929d0e0e4736', 'proxy/7:1=x'])(
  'the id %s that came with the request is kept',
  async (given) => {
    expect(await idOf('/api/health', given)).toBe(given);
    expect(await idOf('/api/no-such-thing', given)).toBe(given);
  },
);

it.each(['', 'a'.repeat(129), 'two words', 'quote"', 'ümlaut', '{json}'])('%j is no id, and another takes its place', async (given) => {
  expect(await idOf('/api/health', given)).toMatch(made);
});

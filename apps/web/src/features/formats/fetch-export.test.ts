import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, NetworkError } from '../../lib/api-error.ts';
import { fetchRows } from './fetch-export.ts';

afterEach(() => vi.unstubAllGlobals());
const rowsOf = (answer: () => Response) => {
  vi.stubGlobal('fetch', async () => answer());
  return fetchRows('/export', new AbortController().signal).catch((error: unknown) => error);
};

test('rows are the lines of the file', async () => {
  expect(await rowsOf(() => new Response('{"a":1}\n{"a":1}\n'))).toEqual(['{"a":1}', '{"a":1}']);
});

test('a refusal is told as the server says it', async () => {
  const problem = { type: '', title: 'Not found', status: 404, code: 'not_found' };
  expect(await rowsOf(() => Response.json(problem, { status: 404 }))).toMatchObject({ name: 'ApiError', problem });
});

test.each([
  [502, 'not_ready'],
  [500, 'internal'],
])('the page of a proxy that answers %i itself is an error as others are', async (status, code) => {
  const error = await rowsOf(() => new Response('<html>Bad gateway</html>', { status, headers: { 'content-type': 'text/html' } }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status, code });
});

test('an answer that breaks off is an error of the network', async () => {
  const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) });
  expect(await rowsOf(() => new Response(broken))).toBeInstanceOf(NetworkError);
});

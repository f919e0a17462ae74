import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRouteTable } from '../http/known-paths.ts';
import { errorsPlugin } from './errors.ts';
import { webPagePlugin } from './web-page.ts';

const id = '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11';
const browser = { accept: 'text/html,application/xhtml+xml' };
let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), 'the page');
  await writeFile(join(folder, 'assets/app.js'), 'code');
  const pages = ['/', '/browse', '/datasets/:slug', '/entries/:id/edit', '/datasets/:slug/snapshots/:number/rows/:id'];
  await writeFile(join(folder, 'pages.json'), JSON.stringify(pages));
  app = Fastify();
  const routes = createRouteTable();
  app.addHook('onRoute', routes.add);
  await app.register(errorsPlugin);
  app.get('/api/things/:id', () => 'thing');
  app.put('/api/things/:id', () => 'thing');
  app.post('/api/things/:id/done', () => 'thing');
  app.get('/files/:name/*', () => 'file');
  await app.register(webPagePlugin, { folder: `${folder}/`, routes });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

describe('a path that no route knows', () => {
  it.each([
    '/',
    '/browse',
    '/browse/',
    '/browse?q=.env',
    '/datasets/granary-open',
    `/entries/${id}/edit`,
    `/datasets/a-b/snapshots/3/rows/${id}`,
  ])('is the page where the page has a route: %s', async (url) => {
    expect(await app.inject(url)).toMatchObject({ statusCode: 200, body: 'the page' });
    expect((await app.inject({ url, method: 'HEAD' })).statusCode).toBe(200);
  });

  it.each([
    '/.env',
    '/.git/config',
    '/wp-login.php',
    '/index.php',
    '/wp-admin',
    '/admin.asp',
    '/backup.zip',
    '/browse.bak',
    '/browse/.env',
    '/datasets/.env',
    '/datasets/shell.php',
    '/datasets/..%2f..%2fetc%2fpasswd',
    '/datasets/%2e%2e/%2e%2e/etc/passwd',
    '/..%5c..%5cwindows',
    '/entries/1/edit',
    '/datasets/a-b/snapshots/0x1/rows/1',
    '/assets/old.js',
    '/api',
    '/api/',
    '/api/v2/things',
    '/api/things',
    '/API/things/1',
    '/server-status',
    '//example.org/browse',
  ])('is 404 where it has none: %s', async (url) => {
    const reply = await app.inject(url);
    expect(reply).toMatchObject({ statusCode: 404 });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({ code: 'not_found' });
  });

  it('is 404 with the page for a person who mistyped, and never for a file', async () => {
    expect(await app.inject({ url: '/brwose', headers: browser })).toMatchObject({ statusCode: 404, body: 'the page' });
    for (const url of ['/.env', '/wp-login.php', '/api/nothing', '/assets/nothing', '/a/.git/config'])
      expect((await app.inject({ url, headers: browser })).headers['content-type']).toContain('application/problem+json');
  });
});

describe('a method that a path does not take', () => {
  it.each([
    ['DELETE', '/api/things/1', 'GET, HEAD, PUT'],
    ['PATCH', '/api/things/1', 'GET, HEAD, PUT'],
    ['OPTIONS', '/api/things/1', 'GET, HEAD, PUT'],
    ['GET', '/api/things/1/done', 'POST'],
    ['POST', '/files/a/b/c', 'GET, HEAD'],
    ['POST', '/browse', 'GET, HEAD'],
    ['DELETE', '/assets/app.js', 'GET, HEAD'],
  ] as const)('%s %s is 405 and says what it does take', async (method, url, allow) => {
    const reply = await app.inject({ method, url });
    expect(reply).toMatchObject({ statusCode: 405, headers: { allow } });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});

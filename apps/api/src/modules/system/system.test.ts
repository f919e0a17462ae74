import { Validator } from '@seriousme/openapi-schema-validator';
import { errorTable, permissions } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEndpoints, openapiPath } from '../../openapi/document.ts';
import { createTestApp, type TestApp } from '../../testing.ts';
import { buildWorkerApp } from '../../build-worker-app.ts';
import { createServices } from '../../services.ts';
import { createSystemService } from './service.ts';

type Operation = {
  operationId: string;
  security: Record<string, string[]>[];
  parameters?: { name?: string; $ref?: string; in?: string; required?: boolean }[];
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: Record<string, Record<string, unknown>> };

let test: TestApp;
let document: Document;
beforeAll(async () => {
  test = await createTestApp();
  document = (await test.anonymous.send<Document>('GET', '/api/openapi.json')).body;
});
afterAll(() => test.close());

const rows = listEndpoints();

describe('GET /api/health', () => {
  it('200 once the database answers, whatever credentials come along', async () => {
    const reply = await test.anonymous.send('GET', '/api/health', undefined, {
      authorization: 'Bearer grn_wrong',
      cookie: 'granary_access=old',
    });
    expect(reply).toMatchObject({ status: 200, body: { status: 'ok', version: '0.1.0', database: test.db.kind } });
  });

  it('503 not_ready while the process stops and when the database is gone', async () => {
    await expect(createSystemService({ db: test.db, storage: test.deps.storage }).health(true)).rejects.toMatchObject({
      code: 'not_ready',
      status: 503,
    });
    const gone = { ...test.db, executeSql: () => Promise.reject(new Error('connection refused')) };
    await expect(createSystemService({ db: gone, storage: test.deps.storage }).health(false)).rejects.toMatchObject({ code: 'not_ready' });
  });
});

describe('GET /api/health/live and /api/health/ready', () => {
  it('200 while everything answers', async () => {
    expect(await test.anonymous.send('GET', '/api/health/live')).toMatchObject({ status: 200, body: { status: 'ok', version: '0.1.0' } });
    const ready = await test.anonymous.send('GET', '/api/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { status: 'ok', database: test.db.kind, storage: 'ok' } });
  });

  it('not ready, and live, while the store is away; asks it again after five seconds at the earliest', async () => {
    let asked = 0;
    let time = 0;
    let away = true;
    const check = async () => {
      asked += 1;
      if (away) throw new Error('connect ECONNREFUSED');
    };
    const system = createSystemService({ db: test.db, storage: { check }, now: () => time });
    const detail = { code: 'not_ready', message: 'The file store does not answer.' };
    await expect(system.ready(false)).rejects.toMatchObject(detail);
    expect(system.live()).toMatchObject({ status: 'ok' });
    expect(await system.health(false)).toMatchObject({ status: 'ok' });
    away = false;
    await expect(system.ready(false)).rejects.toMatchObject(detail);
    expect(asked).toBe(1);
    time = 5_000;
    expect(await system.ready(false)).toMatchObject({ storage: 'ok' });
    expect(asked).toBe(2);
    await expect(system.ready(true)).rejects.toMatchObject({ code: 'not_ready', message: 'The server is stopping.' });
  });
});

describe("a worker's own port", () => {
  it('serves health and metrics, those under the same rules as the API, and nothing else', async () => {
    const app = await buildWorkerApp(test.deps, createServices(test.deps));
    const admin = await test.signIn('admin');
    const get = (url: string, cookies = {}) => app.inject({ url, cookies });
    for (const url of ['/api/health', '/api/health/live', '/api/health/ready'])
      expect([url, (await get(url)).statusCode]).toEqual([url, 200]);
    expect((await get('/api/metrics')).statusCode).toBe(401);
    const metrics = await get('/api/metrics', admin.cookies);
    expect([metrics.statusCode, metrics.body.includes('process_resident_memory_bytes')]).toEqual([200, true]);
    expect((await get('/api/v1/datasets')).json()).toMatchObject({ code: 'not_found' });
    await app.close();
  });
});

describe('GET /api/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toEqual({ valid: true });
  });

  it('describes every row of the contract, and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    expect(described.sort()).toEqual(rows.map(({ endpoint }) => `${endpoint.method.toLowerCase()} ${openapiPath(endpoint.path)}`).sort());
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map((operation) => operation.operationId));
    expect(new Set(ids).size).toBe(rows.length);
  });

  it('refers only to components that are there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = '']) => reference);
    expect(references.length).toBeGreaterThan(100);
    const missing = references.filter((reference) => {
      const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec(reference) ?? [];
      return document.components[kind]?.[name] === undefined;
    });
    expect(missing).toEqual([]);
  });

  it('names every parameter of a path, and tells how each endpoint is let in to', () => {
    for (const { endpoint } of rows) {
      const operation = document.paths[openapiPath(endpoint.path)]?.[endpoint.method.toLowerCase()];
      const inPath = (operation?.parameters ?? []).filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      const rest = endpoint.path.endsWith('*') ? ['path'] : [];
      expect(inPath.sort()).toEqual([...[...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name), ...rest].sort());
      const takesToken = endpoint.permission === 'public' || permissions[endpoint.permission].scope !== null;
      expect(operation?.security.some((way) => 'token' in way)).toBe(takesToken);
      expect(operation?.security.some((way) => Object.keys(way).length === 0)).toBe(endpoint.permission === 'public');
    }
  });

  it('asks for If-Match and offers Idempotency-Key where the server does', () => {
    const headersOf = (path: string, method: string) =>
      (document.paths[path]?.[method]?.parameters ?? []).map((parameter) => parameter.$ref);
    expect(headersOf('/api/v1/entries/{id}/revisions', 'post')).toEqual(
      expect.arrayContaining(['#/components/parameters/IfMatch', '#/components/parameters/IdempotencyKey']),
    );
    expect(headersOf('/api/v1/me/tokens', 'post')).not.toContain('#/components/parameters/IdempotencyKey');
    expect(headersOf('/api/v1/users', 'get')).not.toContain('#/components/parameters/IdempotencyKey');
  });

  it('tells which files are checked by their tag, and which can be had in parts', () => {
    const files = rows.filter(({ endpoint }) => endpoint.kind === 'file');
    const told = files.map(({ endpoint: { path } }) => {
      const operation = document.paths[openapiPath(path)]?.['get'];
      const taken = (operation?.parameters ?? []).flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref.split('/').at(-1)]));
      return [
        path,
        Object.keys(operation?.responses ?? {})
          .filter((status) => status < '400')
          .join(' '),
        taken.join(' '),
      ];
    });
    const snapshot = '/api/v1/datasets/:slug/snapshots';
    expect(told.toSorted()).toEqual([
      ['/api/metrics', '200', ''],
      ['/api/v1/backup', '200', ''],
      [`${snapshot}/:number/changes.jsonl.gz`, '200 304', 'IfNoneMatch'],
      [`${snapshot}/:number/export`, '200 304', 'IfNoneMatch'],
      [`${snapshot}/:number/files/*`, '200 206 304', 'Range IfNoneMatch'],
      [`${snapshot}/feed.atom`, '200 304', 'IfNoneMatch'],
      ['/api/v1/imports/:id/report', '200', ''],
      ['/datasets/:namespace/:slug/raw/:revision/*', '200 206 304', 'Range IfNoneMatch'],
      ['/datasets/:namespace/:slug/resolve/:revision/*', '200 206 304', 'Range IfNoneMatch'],
    ]);
  });

  it.each(
    rows.flatMap(({ id, endpoint: { examples = {}, body, response } }) => [
      ...('body' in examples ? [{ id, part: 'body', schema: body, example: examples.body }] : []),
      ...('response' in examples ? [{ id, part: 'response', schema: response, example: examples.response }] : []),
    ]),
  )('$id: the example of the $part fits its schema and shows nothing that the schema would strip', ({ schema, example }) => {
    expect(schema?.parse(example)).toMatchObject(example as object);
  });
});

describe('/api/docs', () => {
  it('serves the viewer and what it needs under the strict content policy', async () => {
    const page = await test.anonymous.send('GET', '/api/docs');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    // Workers too: the page compares texts and plays forecasts in them.
    const policy = String(page.headers['content-security-policy']).split(';');
    expect(policy).toEqual(expect.arrayContaining(["script-src 'self'", "worker-src 'self'"]));
    const links = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, url = '']) => url);
    expect(links.length).toBeGreaterThan(3);
    for (const url of links) expect([url, (await test.anonymous.send('GET', url)).status]).toEqual([url, 200]);
    expect(page.text).not.toMatch(/<script>|<style>|\son\w+=/);
    expect(page.text, 'the way back').toContain('<a href="/">');
  });

  it('lists every error code where the type of a problem points', async () => {
    const page = await test.anonymous.send('GET', '/api/docs/errors');
    expect(page.status).toBe(200);
    for (const code of Object.keys(errorTable)) expect(page.text).toContain(`id="${code}"`);
    const { type } = (await test.anonymous.send<{ type: string }>('GET', '/api/v1/me/tokens')).body;
    expect(type).toBe('/api/docs/errors#not_signed_in');
  });
});

describe('GET /api/metrics', () => {
  it('200 for an admin: durations by route pattern, figures of the process', async () => {
    const admin = await test.signIn('admin');
    await admin.send('GET', `/api/v1/users/${crypto.randomUUID()}`);
    await admin.send('GET', '/made-up-address');
    const reply = await admin.send('GET', '/api/metrics');
    expect(reply).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(reply.text).toMatch(/granary_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/users\/:id",status="404"\} 1/);
    expect(reply.text).toContain('process_resident_memory_bytes');
    expect(reply.text).not.toContain('made-up-address');
  });

  it('counts the jobs of the queue', async () => {
    const admin = await test.signIn('admin');
    await test.db.executeSql('CREATE SCHEMA IF NOT EXISTS jobs; CREATE TABLE jobs.job (name text, state text)');
    await test.db.executeSql(
      "INSERT INTO jobs.job VALUES ('build-snapshot', 'active'), ('build-snapshot', 'active'), ('import', 'failed')",
    );
    const { text } = await admin.send('GET', '/api/metrics');
    expect(text).toContain('granary_jobs{queue="build-snapshot",state="active"} 2');
    expect(text).toContain('granary_jobs{queue="import",state="failed"} 1');
  });

  it('404 when turned off', async () => {
    const quiet = await createTestApp({ env: { METRICS: '0' } });
    try {
      expect(await (await quiet.signIn('admin')).send('GET', '/api/metrics')).toMatchObject({ status: 404 });
    } finally {
      await quiet.close();
    }
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { importSchema, problemSchema } from '@granary/contract';
import type { Import, ImportPreview } from '@granary/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';

const slug = 'hostile';
/** Generous: large files on busy machines. */
const timeoutMs = 300_000;
const options = { format: 'dolly', originName: 'A test', licence: 'MIT', defaultCategory: 'open_qa', status: 'approved' };

let t: TestApp;
let admin: TestUser;

beforeAll(async () => {
  t = await createTestApp();
  admin = await t.signIn('admin');
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, createServices(t.deps));
  const dataset = { slug, title: 'Hostile', description: 'A dataset for tests.', licence: 'CC-BY-SA-4.0', languages: ['en'] };
  await admin.send('POST', '/api/v1/datasets', dataset);
});
afterAll(() => t.close());

const upload = (content: string | Buffer) =>
  admin.send<{ import: Import; preview: ImportPreview }>('POST', `/api/v1/datasets/${slug}/imports?fileName=rows`, Buffer.from(content), {
    'content-type': 'application/octet-stream',
  });
const health = async () => (await t.anonymous.send('GET', '/api/health')).status;

/** Imports a file while somebody asks for the server's health again and again. */
async function importAndAsk(content: string): Promise<{ ended: Import; healthy: number; report: string[]; preview: ImportPreview }> {
  const uploaded = await upload(content);
  expect([uploaded.status, uploaded.text]).toEqual([201, expect.anything()]);
  const { id } = uploaded.body.import;
  expect((await admin.send('POST', `/api/v1/imports/${id}/start`, options)).status).toBe(202);
  for (let healthy = 0; ; healthy += 1) {
    await sleep(10);
    expect(await health()).toBe(200);
    const ended = importSchema.parse((await admin.send('GET', `/api/v1/imports/${id}`)).body);
    if (ended.status === 'queued' || ended.status === 'running') continue;
    const report = (await admin.send('GET', `/api/v1/imports/${id}/report`)).text.trim().split('\r\n').slice(1);
    return { ended, healthy, report, preview: uploaded.body.preview };
  }
}

test(
  'a stray quote costs one row, and requests are answered meanwhile',
  async () => {
    const content = `instruction,response\nA row?,Yes.\nA long cell?,"${'word\n'.repeat(1_048_576)}"\nLast?,Yes.`;
    const { ended, healthy, report, preview } = await importAndAsk(content);
    expect(ended).toMatchObject({ status: 'done', added: 2, bad: 1, error: null });
    expect(report).toEqual([
      expect.stringMatching(/^3,response,"?The cell is larger than 1 MiB, the limit for a cell.*ends on line 1048579/),
    ]);
    expect(preview.rows.map(({ line, issues }) => [line, issues.length])).toEqual([
      [2, 0],
      [3, 1],
      [1_048_580, 0],
    ]);
    expect(healthy).toBeGreaterThan(0);
  },
  timeoutMs,
);

test(
  'rows that are too long or too deep are reported, and the good ones taken',
  async () => {
    const row = (instruction: string) => JSON.stringify({ instruction, response: 'Yes, it is.' });
    const deep = `{"instruction":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)},"response":"Yes."}`;
    const { ended, report } = await importAndAsk(
      [row('Is this the first?'), deep, row('x'.repeat(5_000_000)), row('The last?')].join('\n'),
    );
    expect(ended).toMatchObject({ status: 'done', added: 2, bad: 2, error: null });
    expect(report).toEqual([
      expect.stringMatching(/^2,,"?The line has more than 256 objects and lists within each other, the limit/),
      expect.stringMatching(/^3,,"?The line is longer than 4 MiB, the limit for a line/),
    ]);
  },
  timeoutMs,
);

test.each([
  [
    'a header of 100,000 columns',
    () => `${Array.from({ length: 100_000 }, (_, index) => `c${index}`).join(',')}\n1`,
    'names 100,000 columns; the limit is 1,000',
  ],
  ['an archive of newlines', () => gzipSync(Buffer.alloc(32 * 1024 * 1024, '\n')), 'unpacks to more than 100 times its size'],
])('%s is refused with the limit', async (_what, content, message) => {
  const reply = await upload(content());
  expect([reply.status, problemSchema.parse(reply.body).code]).toEqual([422, 'import_unreadable']);
  expect(reply.text).toContain(message);
  expect(await health()).toBe(200);
});

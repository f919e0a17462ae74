import { importOptionsSchema } from '@granary/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noRequests } from '../../jobs/give-way.ts';
import { createServices } from '../../services.ts';
import { createTestApp, type TestApp, type TestUser } from '../../testing.ts';
import { createFileReader } from './file-reader.ts';
import { createImporter } from './importer.ts';
import { createImportRepository } from './repository.ts';

const reportRows = 5;
let t: TestApp;
let admin: TestUser;

beforeAll(async () => {
  t = await createTestApp();
  admin = await t.signIn('admin');
  const dataset = { slug: 'shapes', title: 'Shapes', description: 'Questions about shapes.', licence: 'CC-BY-4.0', languages: ['en'] };
  await admin.send('POST', '/api/v1/datasets', dataset);
});
afterAll(() => t.close());

/** Imports a file of which `bad` rows cannot be taken, and one can. */
async function importBad(bad: number, strict: boolean) {
  const rows = Array.from({ length: bad }, (_, n) => JSON.stringify({ instruction: '', response: `Shape ${n} has no question.` }));
  const content = Buffer.from([...rows, JSON.stringify({ instruction: 'What is a cube?', response: 'A solid.' })].join('\n'));
  const uploaded = await admin.send<{ import: { id: string } }>('POST', '/api/v1/datasets/shapes/imports?fileName=rows.jsonl', content, {
    'content-type': 'application/octet-stream',
  });
  const { id } = uploaded.body.import;
  const options = importOptionsSchema.parse({ format: 'dolly', originName: 'A test', licence: 'MIT', defaultCategory: 'open_qa', strict });
  // Queued past the worker, which would take up the import with the usual limit.
  await t.db.prisma.import.update({ where: { id }, data: { status: 'queued', options } });
  const underWay = noRequests();
  const run = createImporter({
    db: t.db,
    storage: t.deps.storage,
    repository: createImportRepository(t.db),
    reader: createFileReader({ underWay }),
    reviseImportedIn: createServices(t.deps).entries.reviseImportedIn,
    underWay,
    clock: t.deps.clock,
    batchRows: 3,
    reportRows,
  });
  await run(id, { signal: new AbortController().signal, lastTry: true });
  return { id, lines: (await admin.send('GET', `/api/v1/imports/${id}/report`)).text.trimEnd().split('\r\n') };
}

test.each([
  [reportRows - 1, []],
  [reportRows, []],
  [reportRows + 1, [',,One more row was not taken. A report names the first 5.,']],
  [reportRows + 7, [',,7 more rows were not taken. A report names the first 5.,']],
])('of %i rows that are not taken a report names five, and counts the others', async (bad, rest) => {
  const { id, lines } = await importBad(bad, false);
  expect((await createServices(t.deps).imports.get(id)).bad).toBe(bad);
  const named = Math.min(bad, reportRows);
  expect(lines.slice(1, named + 1).map((line) => line.split(',')[0])).toEqual(Array.from({ length: named }, (_, n) => String(n + 1)));
  expect(lines.slice(named + 1)).toEqual(rest);
  expect(await t.db.prisma.importIssue.count({ where: { importId: id } })).toBe(named);
});

test('so it is where a strict import takes nothing', async () => {
  const { id, lines } = await importBad(8, true);
  expect(lines).toHaveLength(1 + reportRows + 1);
  expect(lines.at(-1)).toContain('3 more rows were not taken');
  expect(await createServices(t.deps).imports.get(id)).toMatchObject({
    status: 'failed',
    bad: 8,
    error: '8 rows are bad, so nothing was taken. The report names the first 5.',
  });
});

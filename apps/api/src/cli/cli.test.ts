import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerJobHandlers } from '../job-handlers.ts';
import { createServices } from '../services.ts';
import { createTestApp, type TestApp } from '../testing.ts';
import { runCommand } from '../testing-process.ts';
import { CliError } from './errors.ts';
import { readMapping } from './import-options.ts';

const slug = 'from-the-shell';
let t: TestApp;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-cli-'));
  t = await createTestApp();
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, createServices(t.deps));
  await t.app.listen({ port: 0, host: '127.0.0.1' });
  const admin = await t.signIn('admin');
  const dataset = { slug, title: 'From the shell', description: 'A dataset for tests.', licence: 'CC-BY-4.0', languages: ['en', 'de'] };
  await admin.send('POST', '/api/v1/datasets', dataset);
  const reply = await admin.send('POST', '/api/v1/me/tokens', { name: 'shell', scopes: ['admin'] });
  const { port } = t.app.server.address() as AddressInfo;
  const { token } = reply.body as unknown as { token: string };
  env = { INIT_CWD: folder, GRANARY_SERVER: `http://127.0.0.1:${port}`, GRANARY_TOKEN: token };
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

const granary = (args: string[], more: Record<string, string> = {}) => runCommand(args, { ...env, ...more });

test('imports, publishes and downloads what was imported', async () => {
  const row = (number: number) => ({ question: `What is the number ${number}?`, answer: `It is ${number}.`, kind: 'open_qa' });
  const lines = [...Array.from({ length: 25 }, (_, number) => row(number)), { question: '', answer: 'Nothing' }].map((value) =>
    JSON.stringify(value),
  );
  await writeFile(join(folder, 'rows.jsonl'), lines.join('\n'));
  const args = [
    'import',
    'rows.jsonl',
    '--dataset',
    slug,
    '--status',
    'approved',
    '--map',
    'category=kind',
    '--origin',
    'Numbers',
    '--licence',
    'CC0-1.0',
  ];
  const first = await granary(args);
  expect(first.stderr).toContain('100%  26 rows');
  expect(first.stdout).toContain('category ← kind');
  expect(first.stdout).toContain('25 rows added, 0 there already, 1 not taken.');
  expect(first.code).toBe(3);
  expect(await readFile(join(folder, 'rows.jsonl.report.csv'), 'utf8')).toMatch(/^line,field,reason,excerpt\r\n26,question,Is empty,/);
  expect((await granary([...args, '--strict'])).code).toBe(1);
  await writeFile(join(folder, 'rows.jsonl'), lines.slice(0, -1).join('\n'));
  const again = await granary(args);
  expect([again.code, again.stdout.includes('0 rows added, 25 there already, 0 not taken.')]).toEqual([0, true]);

  const published = await granary(['publish', slug, '--language', 'en', '--notes', 'Numbers.']);
  expect([published.code, published.stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^v1: 25 pairs, [0-9a-f]{64}$/)]);
  expect((await granary(['snapshots', slug])).stdout).toMatch(/^v1 .* 25 pairs/);

  const downloaded = await granary(['download', slug, '--out', 'here'], { GRANARY_TOKEN: '' });
  expect(downloaded.code).toBe(0);
  const sums = downloaded.stdout
    .trim()
    .split('\n')
    .map((line) => line.split('  '));
  for (const [sum = '', path = ''] of sums)
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(sum);
  const rows = gunzipSync(await readFile(join(folder, 'here', 'dolly.jsonl.gz')))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  expect(rows.map((line) => JSON.parse(line) as unknown)).toContainEqual({
    instruction: 'What is the number 7?',
    context: '',
    response: 'It is 7.',
    category: 'open_qa',
  });

  const offline = { GRANARY_SERVER: 'http://127.0.0.1:9', GRANARY_TOKEN: '' };
  const verified = await granary(['verify', 'here'], offline);
  expect([verified.code, verified.stdout.trimEnd().split('\n').at(-1)]).toEqual([
    0,
    expect.stringMatching(/^from-the-shell v1 is as its manifest says: \d+ files, content [0-9a-f]{64}\.$/),
  ]);

  await writeFile(join(folder, 'here', 'README.md'), 'changed');
  const spoiled = await granary(['verify', 'here'], offline);
  expect([spoiled.code, spoiled.stdout.includes('WRONG  README.md: changed'), spoiled.stderr.includes('1 thing wrong')]).toEqual([
    1,
    true,
    true,
  ]);
  const repaired = await granary(['download', slug, 'v1', '--out', 'here']);
  expect(repaired.stdout.split('\n').filter((line) => line.includes('there already'))).toHaveLength(sums.length - 1);
  expect(await readFile(join(folder, 'here', 'README.md'), 'utf8')).not.toBe('changed');

  // One format only, of which a file had been begun: the server is asked for the rest, and a wrong beginning is not kept.
  const whole = await readFile(join(folder, 'here', 'dolly.jsonl.gz'));
  await mkdir(join(folder, 'some'));
  await writeFile(join(folder, 'some', 'dolly.jsonl.gz.part'), whole.subarray(0, 100));
  const some = await granary(['download', slug, '--out', 'some', '--formats', 'dolly']);
  expect([some.code, some.stderr]).toEqual([0, '']);
  expect((await readFile(join(folder, 'some', 'dolly.jsonl.gz'))).equals(whole)).toBe(true);
  // The questions are near-duplicates: all are in one split, which their ids draw.
  expect(some.stdout).toMatch(/some\/data\/dolly\/(train|validation|test)-00000-of-/);
  expect(some.stdout).not.toContain('full');
  expect((await granary(['verify', 'some', '--formats', 'dolly'], offline)).code).toBe(0);
  expect((await granary(['verify', 'some'], offline)).code).toBe(1);
  await writeFile(join(folder, 'some', 'README.md.part'), 'wrong beginning');
  await rm(join(folder, 'some', 'README.md'));
  const wrong = await granary(['download', slug, '--out', 'some', '--formats', 'dolly']);
  expect([wrong.code, wrong.stderr.includes('README.md does not have the SHA-256')]).toEqual([1, true]);
  expect((await granary(['download', slug, '--out', 'some', '--formats', 'dolly'])).code).toBe(0);
  const unknown = await granary(['download', slug, '--formats', 'docx']);
  expect([unknown.code, unknown.stderr.includes('no files of a format "docx"')]).toEqual([1, true]);
}, 240_000);

describe('says what is wrong', () => {
  test.each([
    [[], 2, ''],
    [['frobnicate'], 2, 'There is no command "frobnicate"'],
    [['import'], 2, 'FILE is missing'],
    [['import', 'nothing.jsonl', '--dataset', slug], 2, 'There is no file'],
    [['import', 'nothing.jsonl'], 2, '--dataset is missing'],
    [['snapshots', 'x', '--colour'], 2, "'--colour'"],
    [['snapshots', 'no-such-dataset'], 1, 'There is no dataset no-such-dataset'],
    [['download', slug, 'newest'], 2, 'neither a version'],
    [['verify'], 2, 'FOLDER is missing'],
    [['verify', 'nowhere'], 2, 'There is no manifest.json'],
    [['publish', slug, '--from', 'yesterday'], 2, '--from'],
    [['snapshots', slug, '--server', 'http://127.0.0.1:9'], 1, 'No server answers'],
  ])('granary %j', async (args, code, message) => {
    const result = await granary(args);
    expect([result.code, result.stderr.includes(message)]).toEqual([code, true]);
  });

  test('without a token', async () => {
    const result = await granary(['publish', slug], { GRANARY_TOKEN: '' });
    expect([result.code, result.stderr.includes('GRANARY_TOKEN')]).toEqual([1, true]);
  });

  test.each(['import', 'snapshots', 'publish', 'download', 'verify'])('%s --help', async (command) => {
    const result = await granary([command, '--help']);
    expect([result.code, result.stdout.includes(`npm run granary -- ${command}`)]).toEqual([0, true]);
  });
});

describe('--map', () => {
  const found = { instruction: 'prompt', response: 'reply', context: 'ctx', category: null, language: null, externalId: null };
  test('keeps what was found and changes what is named', () => {
    expect(readMapping('response=a=b,context=', found)).toEqual({ ...found, response: 'a=b', context: null });
    expect(readMapping(undefined, found)).toBe(found);
  });
  test.each(['answer=x', 'response', ''])('%j is refused', (text) => {
    expect(() => readMapping(text, found)).toThrow(CliError);
  });
  test('needs both sides of a pair', () => {
    expect(() => readMapping('response=a', null)).toThrow('instruction and response');
  });
});

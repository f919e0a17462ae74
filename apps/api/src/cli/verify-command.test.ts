import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { manifestVersion } from '@granary/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTerminal } from './terminal.ts';
import { verifyCommand } from './verify-command.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const rows = Buffer.from('{"instruction":"a"}\n{"instruction":"b"}\n');
const contents: Record<string, Buffer> = {
  'dolly.jsonl.gz': gzipSync(rows),
  'data/full/train-00000-of-00001.jsonl.zst': zstdCompressSync(rows),
  'data/dolly/train-00000-of-00001.parquet': Buffer.from('PAR1 rows PAR1'),
  'changes.jsonl.gz': gzipSync(rows),
  'README.md': Buffer.from('# Card\n'),
};
const dataFile = (name: string, format: string, encoding: string, split: string | null) => {
  const content = contents[name]!;
  return { name, mediaType: 'application/octet-stream', format, encoding, split, bytes: content.length, sha256: sha256(content), rows: 2 };
};
const data = [
  dataFile('dolly.jsonl.gz', 'dolly', 'jsonl.gz', null),
  dataFile('data/full/train-00000-of-00001.jsonl.zst', 'full', 'jsonl.zst', 'train'),
  dataFile('data/dolly/train-00000-of-00001.parquet', 'dolly', 'parquet', 'train'),
];
// Has rows, but is no part of the data.
const changes = dataFile('changes.jsonl.gz', 'changes', 'jsonl.gz', null);
const card = { ...dataFile('README.md', 'card', '', null), encoding: null, rows: null };
const manifest = {
  granary: 2,
  dataset: { slug: 'numbers', title: 'Numbers', licence: 'CC0-1.0' },
  snapshot: 3,
  eventPosition: 12,
  policy: 1,
  createdAt: '2026-11-23T09:30:00.000Z',
  selection: {},
  counts: { pairs: 2, byCategory: [], byLanguage: [] },
  withheld: 0,
  contentHash: sha256(data.map((file) => `${file.sha256}  ${file.name}\n`).join('')),
  files: [...data, changes, card],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-verify-'));
  for (const [name, content] of Object.entries(contents)) await put(name, content);
  await write(manifest);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Uint8Array) {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}
const write = (changed: object) => put('manifest.json', JSON.stringify(changed));

/** What the command prints, its exit code, and what it complains of. */
async function verify(...more: string[]) {
  const output = new PassThrough();
  const terminal = createTerminal(output, new PassThrough());
  const code = await verifyCommand.run([folder, ...more], terminal).catch((error: Error) => error.message);
  output.end();
  return { code, printed: (await text(output)).trimEnd().split('\n') };
}

test('a folder that is as its manifest says', async () => {
  // Tools leave hidden files behind for themselves.
  await put('.cache/huggingface/x', 'x');
  const { code, printed } = await verify();
  expect(code).toBe(0);
  expect(printed).toEqual([
    'ok     dolly.jsonl.gz',
    'ok     data/full/train-00000-of-00001.jsonl.zst',
    'ok     data/dolly/train-00000-of-00001.parquet',
    'ok     changes.jsonl.gz',
    'ok     README.md',
    `numbers v3 is as its manifest says: 5 files, content ${manifest.contentHash}.`,
  ]);
});

test('what is missing, changed or extra is told file by file', async () => {
  await rm(join(folder, 'dolly.jsonl.gz'));
  await put('README.md', '# Cord\n');
  await put('data/dolly/train-00000-of-00001.parquet', 'PAR1');
  await put('data/notes.txt', 'mine');
  const { code, printed } = await verify();
  expect(code).toMatch(/^4 things wrong with numbers v3 in /);
  expect(printed).toEqual([
    'WRONG  dolly.jsonl.gz: missing',
    'ok     data/full/train-00000-of-00001.jsonl.zst',
    'WRONG  data/dolly/train-00000-of-00001.parquet: changed: 4 bytes instead of 14',
    'ok     changes.jsonl.gz',
    `WRONG  README.md: changed: SHA-256 ${sha256('# Cord\n')} instead of ${sha256('# Card\n')}`,
    'WRONG  data/notes.txt: extra: the manifest does not name it',
  ]);
});

test('a folder in the place of a file is a missing file', async () => {
  await rm(join(folder, 'README.md'));
  await mkdir(join(folder, 'README.md'));
  expect((await verify()).printed).toContain('WRONG  README.md: missing');
});

test.each([
  ['dolly.jsonl.gz', 'WRONG  dolly.jsonl.gz: 2 rows, but the manifest says 5'],
  ['data/full/train-00000-of-00001.jsonl.zst', 'WRONG  data/full/train-00000-of-00001.jsonl.zst: 2 rows, but the manifest says 5'],
])('rows of %s are counted', async (name, complaint) => {
  await write({ ...manifest, files: manifest.files.map((file) => (file.name === name ? { ...file, rows: 5 } : file)) });
  expect((await verify()).printed).toContain(complaint);
});

test('a file that is no gzip although its checksum fits cannot be read', async () => {
  await put('dolly.jsonl.gz', 'plain');
  const broken = { ...data[0]!, bytes: 5, sha256: sha256('plain') };
  await write({ ...manifest, files: [broken, ...manifest.files.slice(1)] });
  const { printed } = await verify();
  expect(printed[0]).toMatch(/^WRONG {2}dolly\.jsonl\.gz: cannot be read: /);
  expect(printed.at(-1)).toMatch(
    /^WRONG {2}manifest\.json: its content hash is [0-9a-f]{64}, but that of the files it names is [0-9a-f]{64}$/,
  );
});

test('a folder with some formats only', async () => {
  await rm(join(folder, 'data/full'), { recursive: true });
  expect((await verify()).code).toMatch(/^1 thing wrong/);
  expect((await verify('--formats', 'dolly')).code).toBe(0);
  expect((await verify('--formats', 'dolly,parquet')).code).toBe('The snapshot has no files of a format "parquet". It has: dolly, full.');
});

test.each([
  ['{', /^manifest\.json is not JSON/],
  [JSON.stringify({ granary: 1, snapshot: 3, files: [] }), /^manifest\.json is not a manifest of version 1:\n/],
  [
    JSON.stringify({ ...manifest, granary: manifestVersion + 1 }),
    new RegExp(`^manifest\\.json is of version ${manifestVersion + 1}; this program understands versions 1 to ${manifestVersion}\\.`),
  ],
  [JSON.stringify({ ...manifest, granary: undefined }), /^manifest\.json is not a manifest of this format:\n.*\n.*granary/],
  [JSON.stringify({ ...manifest, snapshot: 'three' }), /^manifest\.json is not a manifest of version 2:\n.*\n.*snapshot/],
  [JSON.stringify({ ...manifest, files: [{ ...card, name: '../../etc/passwd' }] }), /has no place in a folder/],
])('a manifest that is none: %s', async (content, complaint) => {
  await put('manifest.json', content);
  expect((await verify()).code).toMatch(complaint);
});

/** A snapshot of each version that was ever published, as its Granary wrote it. */
const published = new URL('../../../../fixtures/manifests/', import.meta.url);
const versions = Array.from({ length: manifestVersion }, (_, index) => index + 1);

test.each(versions)('a snapshot with a manifest of version %i is verified, and a change in it found', async (version) => {
  await rm(folder, { recursive: true });
  await cp(new URL(`v${version}/`, published), folder, { recursive: true });
  expect((JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { granary: number }).granary).toBe(version);
  const fine = await verify();
  expect([fine.code, fine.printed.at(-1)]).toEqual([0, expect.stringMatching(`^shapes v${version} is as its manifest says: \\d files, `)]);
  expect((await verify('--formats', 'dolly')).code).toBe(0);
  await put('dolly.jsonl.gz', gzipSync('{"instruction":"another"}\n'));
  expect(await verify()).toMatchObject({ code: expect.stringMatching(/^1 thing wrong/) as string });
});

test('without a manifest there is nothing to check against', async () => {
  await rm(join(folder, 'manifest.json'));
  expect((await verify()).code).toMatch(/^There is no manifest\.json in /);
});

test('links to files elsewhere, as the cache of a hub has them, are files', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'granary-verify-blob-'));
  await writeFile(join(elsewhere, 'blob'), contents['README.md']!);
  await rm(join(folder, 'README.md'));
  await symlink(join(elsewhere, 'blob'), join(folder, 'README.md'));
  expect((await verify()).code).toBe(0);
  await rm(elsewhere, { recursive: true });
});

test('every row of a big file is counted', async () => {
  const line = `${JSON.stringify({ instruction: 'x'.repeat(1000) })}\n`;
  const big = Buffer.from(line.repeat(60_000));
  const packed = gzipSync(big, { level: 1 });
  await put('dolly.jsonl.gz', packed);
  const file = { ...data[0]!, bytes: packed.length, sha256: sha256(packed), rows: 60_000 };
  const files = [file, ...manifest.files.slice(1)];
  const contentHash = sha256(
    files
      .slice(0, 3)
      .map((each) => `${each.sha256}  ${each.name}\n`)
      .join(''),
  );
  await write({ ...manifest, files, contentHash });
  expect((await verify()).code).toBe(0);
  expect(await readFile(join(folder, 'dolly.jsonl.gz'))).toHaveLength(packed.length);
});

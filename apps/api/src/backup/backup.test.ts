import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, restoringName, RestoreUnfinishedError, type Database } from '@granary/db';
import { createEmptyDatabase } from '@granary/db/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BackupError } from './backup-error.ts';
import { restoreBackup } from './restore-backup.ts';
import { createCommunity, pairOf, type Community } from '../testing-community.ts';
import type { TestUser } from '../testing.ts';
import { runCommand } from '../testing-process.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let t: Community;
let author: TestUser;
let folder: string;
let file: string;
let env: Record<string, string>;
/** How many pairs had been acknowledged when the backup began. */
let acknowledged = 0;
let written = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-backup-'));
  t = await createCommunity();
  await t.app.listen({ port: 0, host: '127.0.0.1' });
  author = await t.author();
  await t.deps.storage.put('snapshots/shapes/v1/a/dolly.jsonl.gz', Buffer.from('rows'));
  const { token } = (await t.admin.send<{ token: string }>('POST', '/api/v1/me/tokens', { name: 'shell', scopes: ['admin'] })).body;
  const { port } = t.app.server.address() as AddressInfo;
  env = {
    GRANARY_SERVER: `http://127.0.0.1:${port}`,
    GRANARY_TOKEN: token,
    DATA_DIR: t.deps.config.dataDir,
  };
  if (t.db.url !== undefined) env['DATABASE_URL'] = t.db.url;
  else env['DATA_DIR'] = String((t.db as { dataDir?: string }).dataDir);
  file = join(folder, 'backup.tar.gz');
  await backUpUnderWrites();
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

const granary = (args: string[], more: Record<string, string> = {}) => runCommand(args, { ...env, ...more });

/** Pairs are submitted before, during and after the backup. */
async function backUpUnderWrites(): Promise<void> {
  const submit = async () => {
    await t.handIn(author, pairOf((written += 1)));
  };
  for (let count = 0; count < 5; count += 1) await submit();
  acknowledged = written;
  let backedUp = false;
  const backup = granary(['backup', file]).finally(() => {
    backedUp = true;
  });
  while (!backedUp) await submit();
  const { code, stderr, stdout } = await backup;
  expect({ code, stderr, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('with stored files') as string });
  await submit();
}

/** Where a restore goes: a folder, and on PostgreSQL a new database too. */
async function emptyTarget(): Promise<{
  dataDir: string;
  env: Record<string, string>;
  open: () => Promise<Database>;
  drop: () => Promise<void>;
}> {
  const dataDir = await mkdtemp(join(folder, 'target-'));
  if (t.db.kind === 'pglite') return { dataDir, env: { DATA_DIR: dataDir }, open: () => openDatabase({ dataDir }), drop: async () => {} };
  const { url, drop } = await createEmptyDatabase();
  return { dataDir, env: { DATA_DIR: dataDir, DATABASE_URL: url }, open: () => openDatabase({ url }), drop };
}

/** Restores in this process what the command restores in its own. */
const restore = (from: string, { dataDir, env: { DATABASE_URL: databaseUrl } }: { dataDir: string; env: Record<string, string> }) =>
  restoreBackup(from, { dataDir, databaseUrl, filesFolder: join(dataDir, 'files') });

const countOf = async (db: Database, table: string) => Number((await db.executeSql(`SELECT count(*) FROM ${table}`)).rows[0]?.['count']);

/** A value per table that says what is in it. */
async function contentOf(db: Database): Promise<Record<string, unknown>> {
  const { rows } = await db.executeSql(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
  const content: Record<string, unknown> = {};
  for (const { name } of rows as { name: string }[]) {
    const { rows: sums } = await db.executeSql(`SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) AS sum FROM "${name}" t`);
    content[name] = sums[0]?.['sum'];
  }
  return content;
}

test('a backup made under writes holds everything acknowledged before it, nothing by half, and restores twice to the same', async () => {
  const contents: Record<string, unknown>[] = [];
  for (let round = 0; round < 2; round += 1) {
    const target = await emptyTarget();
    if (round > 0) await restore(file, target);
    const restored = round > 0 ? null : await granary(['restore', file], target.env);
    expect(restored ?? { code: 0, stderr: '', stdout: 'Restored the' }).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Restored the') as string,
    });
    expect(await readFile(join(target.dataDir, 'files/snapshots/shapes/v1/a/dolly.jsonl.gz'), 'utf8')).toBe('rows');
    expect(existsSync(join(target.dataDir, restoringName))).toBe(false);
    const db = await target.open();
    try {
      expect(await migrate(db)).toEqual([]);
      const entries = await countOf(db, 'entries');
      expect(entries).toBeGreaterThanOrEqual(acknowledged * 2);
      expect(entries).toBeLessThan(written * 2);
      expect(await countOf(db, 'revisions')).toBe(entries);
      expect(await countOf(db, `events WHERE kind = 'entry_submitted'`)).toBe(entries);
      contents.push(await contentOf(db));
      // It is written to like any other.
      await db.prisma.setting.create({ data: { name: 'restored', value: round } });
    } finally {
      await db.close();
      await target.drop();
    }
  }
  expect(contents[1]).toEqual(contents[0]);
});

test('only an empty deployment is restored into, and nothing of it is touched', async () => {
  const target = await emptyTarget();
  const db = await target.open();
  await migrate(db);
  await db.prisma.setting.create({ data: { name: 'mine', value: 1 } });
  await db.close();
  await expect(restore(file, target)).rejects.toThrow(/(There is a database in|is not empty).*only restored into an empty deployment/s);
  const again = await target.open();
  expect(await again.prisma.setting.findUnique({ where: { name: 'mine' } })).toMatchObject({ value: 1 });
  await again.close();
  await target.drop();

  const withFiles = await emptyTarget();
  await mkdir(join(withFiles.dataDir, 'files'));
  await writeFile(join(withFiles.dataDir, 'files', 'mine'), 'mine');
  await expect(restore(file, withFiles)).rejects.toThrow(/^There are files in/);
  expect(await readdir(join(withFiles.dataDir, 'files'))).toEqual(['mine']);
  await withFiles.drop();
});

test('a file that is cut short, changed or no backup is refused, and nothing is written', async () => {
  const target = await emptyTarget();
  const whole = await readFile(file);
  const damaged: Record<string, () => Promise<void>> = {
    'cut in the middle': () => truncate(join(folder, 'damaged'), Math.floor(whole.length / 2)),
    'cut before its last bytes': () => truncate(join(folder, 'damaged'), whole.length - 30),
    empty: () => truncate(join(folder, 'damaged'), 0),
    changed: () =>
      writeFile(join(folder, 'damaged'), Buffer.concat([whole.subarray(0, 5_000), Buffer.from('xxxxxxxx'), whole.subarray(5_008)])),
    'another file': () => writeFile(join(folder, 'damaged'), 'hello'),
  };
  for (const [what, damage] of Object.entries(damaged)) {
    await writeFile(join(folder, 'damaged'), whole);
    await damage();
    const refused: unknown = await restore(join(folder, 'damaged'), target).then(
      () => 'restored',
      (error: unknown) => error,
    );
    expect([what, refused]).toEqual([what, expect.any(BackupError)]);
    expect(String(refused)).toMatch(/incomplete, damaged, or no backup of Granary|is not a backup that/);
    expect([what, await readdir(target.dataDir)]).toEqual([what, []]);
  }
  await expect(restore(join(folder, 'nowhere'), target)).rejects.toThrow(/^There is no file/);
  await target.drop();
});

test('a restore that was interrupted keeps servers away until it is run again', async () => {
  const target = await emptyTarget();
  const files = join(target.dataDir, 'files');
  await mkdir(join(target.dataDir, restoringName), { recursive: true });
  await writeFile(join(target.dataDir, restoringName, 'placing'), files);
  await mkdir(files);
  await writeFile(join(files, 'half'), 'half');
  const opened = await target.open().then(
    (db) => db.close().then(() => 'opened'),
    (error: Error) => error.constructor,
  );
  // PostgreSQL knows nothing of our folder; its database is still empty.
  expect(opened).toBe(t.db.kind === 'pglite' ? RestoreUnfinishedError : 'opened');
  expect(await restore(file, target)).toMatchObject({ database: t.db.kind, files: 'included' });
  expect(existsSync(join(files, 'half'))).toBe(false);
  const db = await target.open();
  expect(await countOf(db, 'entries')).toBeGreaterThanOrEqual(acknowledged * 2);
  await db.close();
  await target.drop();
});

test('a backup of one kind of database does not go into the other, nor over a file that is there', async () => {
  const other: Record<string, string> =
    t.db.kind === 'pglite' ? { DATABASE_URL: 'postgresql://127.0.0.1:9/none' } : { DATABASE_URL: '', DATA_DIR: join(folder, 'other') };
  const refused = await granary(['restore', file], other);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('This is a backup of') as string });
  await appendFile(file, '');
  const { mtimeMs } = await stat(file);
  expect(await granary(['backup', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') as string });
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
});

test('over the interface it is for admins, and of the embedded database only', async () => {
  expect(await t.anonymous.send('GET', '/api/v1/backup')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  expect(await author.send('GET', '/api/v1/backup')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const reply = await t.admin.send('GET', '/api/v1/backup');
  const archive = { status: 200, headers: { 'content-type': 'application/gzip', 'cache-control': 'no-store' } };
  expect(reply).toMatchObject(t.db.kind === 'pglite' ? archive : { status: 409, body: { code: 'backup_unavailable' } });
  await expect.poll(() => readdir(t.deps.config.dataDir), { timeout: 30_000 }).not.toContain('.backup');
});

test.runIf(process.env['TEST_DATABASE'] === 'postgres')('without pg_dump on the PATH the message says what to install', async () => {
  const refused = await granary(['backup', join(folder, 'none.tar.gz')], { PATH: folder });
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('pg_dump was not found. Install') as string });
  expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
});

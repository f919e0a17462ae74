import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, testDatabaseKind } from '@granary/db/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from './config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { findMisspeltSettings } from './misspelt-settings.ts';
import { killServerProcess, runProgram, startServerProcess } from './testing-process.ts';
import { version } from './version.ts';

/** Whole programs start here, on machines that may be busy. */
vi.setConfig({ testTimeout: 300_000 });
afterAll(() => vi.resetConfig());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'granary-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onPostgres = testDatabaseKind() === 'postgres';

/** Everything below a folder that group or others may touch. */
function openToOthers(path: string): string[] {
  const found = lstatSync(path);
  const own = (found.mode & 0o077) === 0 ? [] : [`${path} ${(found.mode & 0o777).toString(8)}`];
  return found.isDirectory() ? [...own, ...readdirSync(path).flatMap((name) => openToOthers(join(path, name)))] : own;
}

describe.runIf(!onPostgres)('the data folder', () => {
  it('is private with everything in it, whatever the shell allows, and one that was open is mended at the next start', async () => {
    const data = join(folder, 'data');
    const mask = process.umask(0);
    try {
      const first = await startServerProcess({ databaseUrl: undefined, folder: data });
      try {
        expect(openToOthers(data)).toEqual([]);
        expect(readdirSync(data)).toEqual(expect.arrayContaining(['files', 'postgres', 'postgres.lock']));
      } finally {
        await killServerProcess(first);
      }
      const loosen = (path: string) => {
        const isFolder = lstatSync(path).isDirectory();
        chmodSync(path, isFolder ? 0o755 : 0o666);
        if (isFolder) for (const name of readdirSync(path)) loosen(join(path, name));
      };
      mkdirSync(join(data, 'files/imports'), { recursive: true });
      writeFileSync(join(data, 'files/imports/upload'), 'rows');
      loosen(data);
      const second = await startServerProcess({ databaseUrl: undefined, folder: data });
      try {
        expect(openToOthers(data)).toEqual([]);
        expect(existsSync(join(data, 'files/imports/upload'))).toBe(true);
      } finally {
        await killServerProcess(second);
      }
    } finally {
      process.umask(mask);
    }
  });

  it("leaves alone a folder with others' files and none of its own", () => {
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'thesis.txt'), 'precious');
    expect(() => prepareDataFolder(folder)).toThrow(/^DATA_DIR \(--data\): this folder holds other files/);
    expect(lstatSync(folder).mode & 0o777).toBe(0o755);
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  it('takes an empty one, and one that has only what file systems leave in it', () => {
    mkdirSync(join(folder, 'lost+found'));
    prepareDataFolder(folder);
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['a file in its place', () => writeFileSync(join(folder, 'data'), ''), 'there is a file where'],
    [
      'something called postgres that is no database',
      () => mkdirSync(join(folder, 'data/postgres/mine'), { recursive: true }),
      'is no database',
    ],
    ['a database of another PostgreSQL', () => foreignCluster(join(folder, 'data/postgres')), 'cannot be opened'],
  ])('%s is one line and a failure', async (_, prepare, expected) => {
    prepare();
    const run = await runProgram('server.ts', { args: ['--port', '0', '--data', join(folder, 'data')] });
    expectRefusal(run, 'DATA_DIR (--data): ');
    expect(run.stderr).toContain(expected);
    expect(run.stderr).not.toContain(folder);
  });

  function foreignCluster(path: string): void {
    mkdirSync(join(path, 'global'), { recursive: true });
    writeFileSync(join(path, 'PG_VERSION'), '9\n');
  }
});

function expectRefusal({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }, begin: string): void {
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(begin)]);
  expect(stderr.startsWith(begin)).toBe(true);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
  for (const line of stdout.split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('level');
}

describe.runIf(onPostgres)('a database that cannot be used', () => {
  it.each([
    ['nobody answers', 'postgresql://secret:hunter2@127.0.0.1:1/secret', /Nothing answers at this host and port/],
    ['no such host', 'postgresql://secret:hunter2@no-such-host.invalid/secret', /There is no host of this name/],
    ['no address', 'postgresql://secret:hunter2@[/secret', /must look like postgresql:/],
    ['another scheme', 'mysql://secret:hunter2@127.0.0.1/secret', /must begin with postgresql:/],
  ])('%s', async (_, url, expected) => {
    for (const program of ['server.ts', 'worker.ts']) {
      const run = await runProgram(program, { args: ['--data', folder], env: { DATABASE_URL: url, DATABASE_WAIT_SECONDS: '1' } });
      expectRefusal(run, 'DATABASE_URL: ');
      expect(run.stderr).toMatch(expected);
      expect(run.stdout + run.stderr).not.toMatch(/hunter2|secret/);
    }
  });

  it('a user that may not create tables', async () => {
    const target = await createTestDatabase();
    const url = new URL(target.url ?? '');
    const role = `weak_${Date.now()}`;
    const name = `granary_weak_${Date.now()}`;
    await target.executeSql(`CREATE ROLE ${role} LOGIN PASSWORD 'hunter2'`);
    await target.executeSql(`CREATE DATABASE ${name}`);
    try {
      url.username = role;
      url.password = 'hunter2';
      url.pathname = `/${name}`;
      const run = await runProgram('server.ts', { args: ['--port', '0', '--data', folder], env: { DATABASE_URL: url.href } });
      expectRefusal(run, 'DATABASE_URL: this user may not create tables');
      expect(run.stdout + run.stderr).not.toContain('hunter2');
    } finally {
      await target.executeSql(`DROP DATABASE ${name} WITH (FORCE)`);
      await target.executeSql(`DROP ROLE ${role}`);
      await target.close();
    }
  });

  it('logs migrations that ran and a store that is away, as JSON lines alone, and serves the health of a worker', async () => {
    const target = await createTestDatabase();
    const name = `granary_fresh_${Date.now()}`;
    await target.executeSql(`CREATE DATABASE ${name}`);
    const url = new URL(target.url ?? '');
    url.pathname = `/${name}`;
    try {
      const env = {
        DATABASE_URL: url.href,
        STORAGE_URL: 's3://bucket?endpoint=http://127.0.0.1:1&forcePathStyle=true',
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'hunter2',
        WORKER_PORT: '0',
        DATABSE_URL: 'postgresql://hunter2',
      };
      const { code, stdout, stderr } = await runProgram('worker.ts', { env, until: /The worker is ready\. Health and metrics: port \d+/ });
      expect(code).toBe(0);
      expect(stderr).toMatch(/The worker is ready/);
      const lines = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { msg: string; level: number; migrations?: string[]; name?: string; meant?: string });
      const said = (text: string) => lines.find(({ msg }) => msg.includes(text));
      expect(said('was migrated')?.migrations?.length).toBeGreaterThan(10);
      expect(said('STORAGE_URL: the file store cannot be reached')).toMatchObject({ level: 50 });
      expect(said('no setting')).toMatchObject({ name: 'DATABSE_URL', meant: 'DATABASE_URL' });
      expect(stdout + stderr).not.toContain('hunter2');
    } finally {
      await target.executeSql(`DROP DATABASE ${name} WITH (FORCE)`);
      await target.close();
    }
  });
});

describe.runIf(!onPostgres)('options and settings', () => {
  it.each(['server.ts', 'worker.ts', 'cli.ts'])('%s answers --version and --help', async (program) => {
    expect(await runProgram(program, { args: ['--version'] })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const help = await runProgram(program, { args: ['--help'] });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--version');
  });

  it.each([
    [['--port', 'hunter2'], {}, /^PORT \(--port\): /],
    [['--hunter'], {}, /^There is no option --hunter\. Known options: --port/],
    [['--port'], {}, /^The option --port needs a value/],
    [['hunter2'], {}, /belongs to no option/],
    [[], { SESSION_SECRET: 'hunter2', RATE_LIMIT_FACTOR: 'hunter2' }, /^SESSION_SECRET: .*; RATE_LIMIT_FACTOR: /],
    [[], { SMTP_URL: 'smtp://hunter2@host' }, /^PUBLIC_URL: is needed with SMTP_URL/],
  ])('%j %j is refused by name, without its value', (argv, env, expected) => {
    let message = '';
    try {
      readConfig(argv, env);
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toMatch(expected);
    expect(message).not.toMatch(/hunter2|\n/);
  });

  it.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['STORAGEURL', 'STORAGE_URL'],
    ['PUBLIC_ULR', 'PUBLIC_URL'],
    ['SESION_SECRET', 'SESSION_SECRET'],
    ['WORKERS', 'WORKER'],
    ['GRANARY_PORT', 'PORT'],
    ['GRANARY_DATA_DIR', 'DATA_DIR'],
    ['GRANARY_COLOUR', undefined],
  ])('%s is named, and %s with it', (name, meant) => {
    expect(findMisspeltSettings({ [name]: 'hunter2' })).toEqual([{ name, meant }]);
  });

  it('settings themselves and what every machine has in its environment are not', () => {
    const usual = [
      'PATH',
      'HOME',
      'HOSTNAME',
      'POST',
      'USER',
      'SHELL',
      'TERM',
      'LANG',
      'PWD',
      'TMPDIR',
      'DATABASE',
      'NODE_ENV',
      'PGHOST',
      'npm_config_port',
    ];
    const own = ['DATABASE_URL', 'PORT', 'GRANARY_TOKEN', 'TEST_DATABASE_URL'];
    expect(findMisspeltSettings(Object.fromEntries([...usual, ...own].map((name) => [name, 'x'])))).toEqual([]);
  });
});

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MigrationError } from './errors.ts';
import { tablesAfter } from './known-tables.ts';
import { migrate } from './migrate.ts';
import { scriptToSchema } from './schema-diff.ts';
import type { Migration } from './schema-files.ts';
import { nextMigrationNumber, readMigrations } from './schema-files.ts';
import type { TestDatabase } from './testing.ts';
import { createTestDatabase, testDatabaseKind } from './testing.ts';

function migration(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

const first = migration('0001_first', `CREATE TABLE one (id int PRIMARY KEY, note text DEFAULT 'a;b');`);
const second = migration('0002_second', 'ALTER TABLE one ADD COLUMN more text;');
const withFunction = migration(
  '0002_function',
  `CREATE FUNCTION twice(value int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN value := value * 2; RETURN value; END $$;`,
);
const broken = migration('0002_broken', 'ALTER TABLE one ADD COLUMN kept text; ALTER TABLE missing ADD COLUMN more text;');

describe('on a new database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ migrations: [] });
  });
  // As good as new, at a hundredth of the price.
  afterEach(() => database.executeSql('DROP SCHEMA IF EXISTS others CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
  afterAll(() => database.close());

  async function log() {
    const { rows } = await database.executeSql(
      'SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS undone FROM _prisma_migrations ORDER BY started_at, id',
    );
    return rows;
  }

  test('applies every migration of the project once', async () => {
    const names = readMigrations().map(({ name }) => name);
    expect(await migrate(database)).toEqual(names);
    expect(await migrate(database)).toEqual([]);
    expect((await log()).map((row) => row['name'])).toEqual(names);
    expect(await database.prisma.entry.count()).toBe(0);
  });

  test('applies only what is new', async () => {
    expect(await migrate(database, [first])).toEqual(['0001_first']);
    expect(await migrate(database, [first, second])).toEqual(['0002_second']);
    await database.executeSql('INSERT INTO one (id, more) VALUES (1, $1)', ['x']);
    const { rows } = await database.executeSql('SELECT note, more FROM one');
    expect(rows).toEqual([{ note: 'a;b', more: 'x' }]);
  });

  test('runs a script whole, semicolons in function bodies included', async () => {
    await migrate(database, [first, withFunction]);
    const { rows } = await database.executeSql('SELECT twice(21) AS answer');
    expect(rows).toEqual([{ answer: 42 }]);
  });

  test('a failing migration leaves nothing behind, says why, and can be mended', async () => {
    await migrate(database, [first]);
    const failure = migrate(database, [first, broken]);
    await expect(failure).rejects.toThrow(MigrationError);
    await expect(failure).rejects.toThrow(/missing/);
    const { rows } = await database.executeSql(
      "SELECT 1 FROM information_schema.columns WHERE table_name = 'one' AND column_name = 'kept'",
    );
    expect(rows).toEqual([]);

    const mended = migration('0002_broken', 'ALTER TABLE one ADD COLUMN kept text;');
    expect(await migrate(database, [first, mended])).toEqual(['0002_broken']);
    expect(await log()).toEqual([
      { name: '0001_first', finished: true, undone: false },
      { name: '0002_broken', finished: false, undone: true },
      { name: '0002_broken', finished: true, undone: false },
    ]);
  });

  test('a migration that was cut short by a kill is tried again', async () => {
    await migrate(database, [first]);
    await database.executeSql(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('interrupted', $1, $2, now())`,
      [second.checksum, second.name],
    );
    expect(await migrate(database, [first, second])).toEqual(['0002_second']);
  });

  test('refuses a database of a newer program and an edited migration', async () => {
    await migrate(database, [first, second]);
    await expect(migrate(database, [first])).rejects.toThrow(/newer Granary \(0002_second\)/);
    await expect(migrate(database, [first, migration(second.name, 'SELECT 1;')])).rejects.toThrow(/0002_second was edited/);
  });

  test('refuses a database with tables that its history does not explain, before and after the history is complete', async () => {
    await migrate(database, [first]);
    await database.executeSql('CREATE TABLE two (id int REFERENCES one (id))');
    const third = migration('0003_third', 'CREATE TABLE two (id int);');
    for (const known of [[first], [first, second], [first, second, third]]) {
      const refused = migrate(database, known);
      await expect(refused).rejects.toThrow(MigrationError);
      await expect(refused).rejects.toThrow(/history \(last: 0001_first\) does not explain: two\. .*new, empty database/);
    }
    expect((await log()).map((row) => row['name'])).toEqual(['0001_first']);
    await database.executeSql('DROP TABLE two');
    expect(await migrate(database, [first, second, third])).toEqual(['0002_second', '0003_third']);
    expect(await migrate(database, [first, second, third])).toEqual([]);
  });

  test('leaves tables in other schemas alone', async () => {
    await database.executeSql('CREATE SCHEMA others; CREATE TABLE others.sacks (id int)');
    expect(await migrate(database, [first])).toEqual(['0001_first']);
    expect(await migrate(database, [first])).toEqual([]);
  });

  test('the tables after each migration are those that it leaves', async () => {
    const migrations = readMigrations();
    for (let count = 1; count <= migrations.length; count += 1) {
      await migrate(database, migrations.slice(0, count));
      const { rows } = await database.executeSql(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
      );
      expect([count, [...tablesAfter(migrations.slice(0, count))].toSorted()]).toEqual([count, rows.map((row) => row['name'])]);
    }
  });

  test.runIf(testDatabaseKind() === 'postgres')('several processes may start together', async () => {
    const script = `
      import { migrate, openDatabase } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
      const database = await openDatabase({ url: process.argv[1] });
      console.log(JSON.stringify(await migrate(database)));
      await database.close();`;
    const runs = Array.from({ length: 4 }, () => runScript(script, database.url ?? ''));
    const applied = await Promise.all(runs);
    expect(applied.map((line) => (JSON.parse(line) as string[]).length).sort()).toEqual([0, 0, 0, readMigrations().length]);
    expect((await log()).length).toBe(readMigrations().length);
  });
});

test('the next migration is numbered after the last, whatever is missing before it', () => {
  expect(nextMigrationNumber([])).toBe('0001');
  expect(nextMigrationNumber([{ name: '0001_first' }, { name: '0009_ninth' }])).toBe('0010');
});

test('the migrations and the schema agree', async () => {
  const database = await createTestDatabase();
  try {
    expect(await scriptToSchema(database)).toBe('');
    expect(
      await scriptToSchema(database, [...readMigrations(), migration('9999_drift', 'ALTER TABLE settings ADD COLUMN drift text;')]),
    ).toContain('DROP COLUMN "drift"');
  } finally {
    await database.close();
  }
});

function runScript(script: string, argument: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.once('exit', (code) => (code === 0 ? resolve(output.trim()) : reject(new Error(`The process ended with ${code}`))));
  });
}

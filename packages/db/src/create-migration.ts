import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openDatabase } from './database.ts';
import { scriptToSchema } from './schema-diff.ts';
import { migrationsFolder, nextMigrationNumber, projectRoot, readMigrations } from './schema-files.ts';

/** Writes the next numbered migration from what the schema has and the migrations have not. */
async function createMigration(label: string): Promise<void> {
  const migrations = readMigrations();
  const database = await openDatabase();
  const sql = await scriptToSchema(database, migrations).finally(() => database.close());
  if (sql === '') {
    console.log('The migrations and the schema agree: nothing to do.');
    return;
  }
  const name = `${nextMigrationNumber(migrations)}_${label}`;
  const file = join(migrationsFolder, name, 'migration.sql');
  mkdirSync(join(migrationsFolder, name));
  writeFileSync(file, sql);
  console.log(`Wrote ${relative(projectRoot, file)}. Read it before you commit it: the engine knows structure, not data.`);
}

const label = process.argv[2] ?? '';
if (/^[a-z][a-z0-9_]*$/.test(label)) {
  await createMigration(label);
} else {
  console.error('Usage: npm run migration -- NAME    (lower case, digits and _, like add_appeals)');
  process.exitCode = 1;
}

import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { findPostgres } from './find-postgres.ts';
import { beginTestRun, testDatabasePrefix, testFolderPrefix } from './test-run.ts';

/** Vitest's global setup: at the end of a run, removes the databases and folders that its workers kept for their next test. */
export default function setup(): () => Promise<void> {
  beginTestRun();
  return async () => {
    removeFolders();
    await removeDatabases();
  };
}

function removeFolders(): void {
  const parent = dirname(testFolderPrefix());
  for (const name of readdirSync(parent))
    if (name.startsWith(basename(testFolderPrefix()))) rmSync(join(parent, name), { recursive: true, force: true });
}

async function removeDatabases(): Promise<void> {
  const url = await findPostgres();
  if (url === undefined) return;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
      testDatabasePrefix(),
    ]);
    for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
}

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Migration } from './schema-files.ts';
import { migrationsHash, projectRoot, readMigrations } from './schema-files.ts';

/**
 * Where the prepared folder of the embedded database lies, or would lie: a migrated, empty cluster that new data
 * folders and test databases are copied from. Its name changes with the migrations and with PGlite's version.
 */
export function baseFolder(migrations: Migration[] = readMigrations()): string {
  const name = `${pgliteVersion()}-${migrationsHash(migrations).slice(0, 16)}`;
  return join(projectRoot, 'node_modules/.cache/granary/pglite', name);
}

function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')) as { version: string };
  return version;
}

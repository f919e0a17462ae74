import type { Database } from './database.ts';
import { createSchemaEngine, migrationList, noFilter } from './schema-engine.ts';
import type { Migration } from './schema-files.ts';
import { readMigrations, readSchemaFiles } from './schema-files.ts';

/** The SQL that leads from the migrations to the schema; empty when they agree. */
export async function scriptToSchema(database: Database, migrations: Migration[] = readMigrations()): Promise<string> {
  return database.withMigrationLock(async (factory) => {
    const engine = await createSchemaEngine(factory);
    try {
      const { stdout } = await engine.diff({
        from: { tag: 'migrations', ...migrationList(migrations) },
        to: { tag: 'schemaDatamodel', files: readSchemaFiles() },
        script: true,
        exitCode: null,
        filters: noFilter,
      });
      return stdout?.includes('empty migration') ? '' : (stdout ?? '');
    } finally {
      engine.free();
    }
  });
}

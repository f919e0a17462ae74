import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Database } from './database.ts';
import { MigrationError } from './errors.ts';
import { unknownTables } from './known-tables.ts';
import type { Migration } from './schema-files.ts';
import { readMigrations } from './schema-files.ts';
import { createSchemaEngine, migrationList, noFilter } from './schema-engine.ts';

interface AppliedMigration {
  name: string;
  checksum: string;
  finished: boolean;
}

/**
 * Brings the database to the state of `prisma/migrations` and resolves to the names of what was applied, in order.
 * Any number of processes may call it at the same time; one works, the others wait for it. Each migration takes place
 * whole or not at all, also when the process is killed. Throws `MigrationError` when a migration fails, was edited after
 * it had been applied, when the database was migrated by a newer Granary, or when it holds tables that its own history does not
 * explain.
 */
export async function migrate(database: Database, migrations: Migration[] = readMigrations()): Promise<string[]> {
  // While another process migrates, its table and its history need not agree: only who holds the lock may judge.
  if ((await findPending(database, migrations)).length === 0 && (await findUnknown(database, migrations)).length === 0) return [];
  return database.withMigrationLock(async (factory) => {
    // Somebody else may have done the work while this process waited.
    const left = await findPending(database, migrations);
    await refuseUnknownTables(database, migrations);
    if (left.length === 0) return [];
    await forgetInterrupted(database);
    return applyMigrations(factory, migrations);
  });
}

/** Names of the migrations that the database has applied, in order; none for one that Granary has never migrated. */
export async function appliedMigrations(database: Pick<Database, 'executeSql'>): Promise<string[]> {
  return (await readApplied(database)).filter(({ finished }) => finished).map(({ name }) => name);
}

/** Throws `MigrationError` when this version does not know all of these migrations. */
export function refuseNewer(names: readonly string[], migrations: Migration[] = readMigrations()): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new MigrationError(
      `The database was migrated by a newer Granary (${unknown.join(', ')}). Start that version, or restore a backup of this one into a new database.`,
    );
}

const findPending = async (database: Database, migrations: Migration[]) => pending(migrations, await readApplied(database));

async function findUnknown(database: Database, migrations: Migration[]): Promise<string[]> {
  const applied = new Set(await appliedMigrations(database));
  return unknownTables(
    database.executeSql,
    migrations.filter(({ name }) => applied.has(name)),
  );
}

/** What a backup leaves that was restored over the database of a newer version: old rows, newer tables, and constraints of both. */
async function refuseUnknownTables(database: Database, migrations: Migration[]): Promise<void> {
  const unknown = await findUnknown(database, migrations);
  if (unknown.length === 0) return;
  const last = (await appliedMigrations(database)).at(-1) ?? 'none';
  throw new MigrationError(
    `The database has tables that its migration history (last: ${last}) does not explain: ${unknown.join(', ')}. ` +
      'A backup that is restored over a newer database leaves such a mix. Restore it into a new, empty database. ' +
      'If another program made these tables, move them to a schema of their own.',
  );
}

async function readApplied({ executeSql }: Pick<Database, 'executeSql'>): Promise<AppliedMigration[]> {
  const { rows: tables } = await executeSql(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`);
  if (tables[0]?.['present'] !== true) return [];
  const { rows } = await executeSql(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows as unknown as AppliedMigration[];
}

function pending(migrations: Migration[], applied: AppliedMigration[]): Migration[] {
  const finished = new Map(applied.filter((row) => row.finished).map((row) => [row.name, row.checksum]));
  refuseNewer([...finished.keys()], migrations);
  for (const { name, checksum } of migrations) {
    if (finished.has(name) && finished.get(name) !== checksum) {
      throw new MigrationError(
        `The migration ${name} was edited after this database had applied it. Undo the edit and add a new migration.`,
      );
    }
  }
  return migrations.filter(({ name }) => !finished.has(name));
}

/**
 * A migration that began and never finished left nothing behind but its line in the log, because its script and the
 * mark that it is finished are committed together (see `applyMigrations`). It may be tried again.
 */
async function forgetInterrupted(database: Database): Promise<void> {
  if ((await readApplied(database)).every((row) => row.finished)) return;
  await database.executeSql('UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL');
}

async function applyMigrations(factory: SqlMigrationAwareDriverAdapterFactory, migrations: Migration[]): Promise<string[]> {
  let failure: unknown;
  const noteFailure = (error: unknown) => {
    failure = error;
  };
  const engine = await createSchemaEngine(finishingWithScript(factory, migrations, noteFailure));
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: migrationList(migrations), filters: noFilter });
    return appliedMigrationNames;
  } catch (error) {
    // The engine only knows that a script failed; what the database said about it is worth more.
    const cause = failure ?? error;
    throw new MigrationError(`The database could not be migrated: ${messageOf(cause)}`, { cause });
  } finally {
    engine.free();
  }
}

function messageOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { originalMessage?: string } };
  return cause?.originalMessage ?? message;
}

/** Adds the mark "finished" to each migration's own transaction (statements sent together are one). The engine sets it again afterwards. */
function finishingWithScript(
  factory: SqlMigrationAwareDriverAdapterFactory,
  migrations: Migration[],
  onFailure: (error: unknown) => void,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const adapter = await factory.connect();
      const runScript = adapter.executeScript.bind(adapter);
      adapter.executeScript = async (script) => {
        const migration = migrations.find(({ sql }) => sql === script);
        try {
          await runScript(migration ? `${script}\n;${finishStatement(migration.name)}` : script);
        } catch (error) {
          onFailure(error);
          throw error;
        }
      };
      return adapter;
    },
  };
}

function finishStatement(name: string): string {
  return `UPDATE _prisma_migrations SET finished_at = now() WHERE migration_name = '${name}' AND rolled_back_at IS NULL`;
}

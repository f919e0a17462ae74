import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root: this package is always run from its place in the workspace. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const schemaFolder = join(projectRoot, 'prisma/schema');
export const migrationsFolder = join(projectRoot, 'prisma/migrations');

export interface Migration {
  /** Name of its folder, `0001_init`; migrations are applied in the order of their names. */
  name: string;
  sql: string;
  /** SHA-256 of the script, hex, as Prisma keeps it in `_prisma_migrations`. */
  checksum: string;
}

/** Every migration of the project, in order. */
export function readMigrations(folder = migrationsFolder): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map((item) => item.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** The schema's files as Prisma's engine wants them. */
export function readSchemaFiles(folder = schemaFolder): { path: string; content: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .map((name) => ({ path: join(folder, name), content: readFileSync(join(folder, name), 'utf8') }));
}

/** Changes exactly when a migration is added or edited. */
export function migrationsHash(migrations: Migration[]): string {
  const hash = createHash('sha256');
  for (const { name, checksum } of migrations) hash.update(`${name} ${checksum}\n`);
  return hash.digest('hex');
}

/** The number, in four digits, after the last migration's: some in between may never have come to be. */
export function nextMigrationNumber(migrations: readonly Pick<Migration, 'name'>[]): string {
  return String(Number(migrations.at(-1)?.name.slice(0, 4) ?? 0) + 1).padStart(4, '0');
}

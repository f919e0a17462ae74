import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { baseFolder } from './base-folder.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './schema-files.ts';
import { readMigrations } from './schema-files.ts';

/** Makes sure that the prepared folder of the embedded database exists, and returns it. Safe from several processes at once. */
export async function prepareBaseFolder(migrations: Migration[] = readMigrations()): Promise<string> {
  const target = baseFolder(migrations);
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const workshop = await mkdtemp(join(dirname(target), 'building-'));
  try {
    const database = await openDatabase({ dataDir: workshop, fromScratch: true });
    await migrate(database, migrations).finally(() => database.close());
    await rename(join(workshop, 'postgres'), target);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(target)) throw error;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return target;
}

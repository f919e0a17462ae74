import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import type { Migration } from './schema-files.ts';
import { migrationsFolder, readSchemaFiles } from './schema-files.ts';

/** Tables that belong to others (the job queue keeps its own schema) would go here. */
export const noFilter = { externalTables: [], externalEnums: [] };

const lockfileContent = 'provider = "postgresql"\n';

interface EngineBindings {
  __wbg_set_wasm(exports: object): void;
  SchemaEngine: typeof SchemaEngine;
}

/** Node has it; TypeScript only knows it as part of the browser's library. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }> };
};

let bindings: Promise<EngineBindings> | undefined;

/**
 * Prisma's schema engine as WebAssembly: the native one cannot be had without a download. It is 3 MB of code to compile,
 * so it is loaded on first use only and `migrate` gets by without it when nothing is to be done.
 */
export async function createSchemaEngine(factory: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  bindings ??= loadBindings();
  const { SchemaEngine: Engine } = await bindings;
  const datamodels = readSchemaFiles().map(({ path, content }): [string, string] => [path, content]);
  return Engine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

async function loadBindings(): Promise<EngineBindings> {
  const specifier = '@prisma/schema-engine-wasm/schema_engine_bg';
  const module = (await import(specifier)) as EngineBindings;
  const wasm = await readFile(
    createRequire(import.meta.url)
      .resolve(specifier)
      .replace(/\.js$/, '.wasm'),
  );
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': module });
  module.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return module;
}

/** Migrations in the shape the engine asks for. */
export function migrationList(migrations: Migration[]): MigrationList {
  return {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: lockfileContent },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

// Generates the Prisma client into packages/db/src/generated when the schema or Prisma itself changed.
import './lib/check-runtime.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles, installedVersion, readStamp, root, runtime, writeStamp } from './lib/project.mjs';

const output = join(root, 'packages/db/src/generated');

/** Runs the generator unless its result is up to date already. Throws when it fails. */
export function generate() {
  const hash = hashFiles(['prisma/schema', 'prisma.config.ts'], [installedVersion('prisma')]);
  if (existsSync(join(output, 'client.ts')) && readStamp('prisma-client') === hash) return;
  // The command line looks for a native engine that generating does not need, and would download it. Any existing file satisfies it.
  const anyFile = join(root, 'package.json');
  const { status, stdout, stderr } = spawnSync(runtime(), [join(root, 'node_modules/prisma/build/index.js'), 'generate'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: anyFile, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
  });
  if (status !== 0) throw new Error(`Generating the Prisma client failed:\n${stdout}${stderr}`);
  writeFileSync(join(output, '.gitignore'), '*\n');
  writeStamp('prisma-client', hash);
}

if (process.argv[1] === import.meta.filename) generate();

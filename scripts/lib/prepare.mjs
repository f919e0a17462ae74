// Brings a clone to the point where it can run: packages, Prisma client, web page, prepared database. Each step is skipped
// when its result is up to date. Plain JavaScript for Node 20.19 and newer, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { generate } from '../generate.mjs';
import { hashFiles, readStamp, root, runtime, writeStamp } from './project.mjs';

/** A step failed; the message is for the person at the terminal. */
export class PrepareError extends Error {}

/** Compiled modules are kept here: a server or a command starts in half of the processor time. */
const compileCache = join(root, 'node_modules/.cache/granary/compiled');

/** The environment for the project's own tools: their binaries first, compiled modules kept, no news sent to anybody. */
export function toolEnvironment(extra = {}) {
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`;
  return {
    ...process.env,
    PATH: path,
    NODE_COMPILE_CACHE: compileCache,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    CHECKPOINT_DISABLE: '1',
    ...extra,
  };
}

/** Installs what package-lock.json names, when it names something else than what is there. */
export function install(say) {
  const wanted = hashFiles(['package-lock.json']);
  if (isInstalled(wanted)) return;
  say('Installing packages (only when they change; takes about a minute) …');
  // npm names itself when it started this script; that one is sure to be there.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--include=optional', '--no-fund', '--no-audit', '--loglevel=error'];
  // npm before 11 runs every install script; Prisma's would download an engine that nothing here uses. Any existing file stops it.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'package.json') };
  const options = { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] };
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status !== 0) throw new PrepareError(`npm ci failed${error ? `: ${error.message}` : ''}. What it said is above.`);
  writeStamp('installed', wanted);
}

function isInstalled(wanted) {
  if (readStamp('installed') === wanted) return true;
  // Somebody may have run npm by hand since: it leaves a copy of the lock it installed.
  const copy = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(copy) || statSync(copy).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) return false;
  writeStamp('installed', wanted);
  return true;
}

/**
 * Everything between an installed clone and one that runs. `withBase` also prepares the embedded database's first folder;
 * without `withWeb` a web page that is there will do, even if it is not up to date.
 */
export async function build(say, { withBase, withWeb = true }) {
  generate();
  const page = withWeb || !existsSync(join(root, 'apps/web/dist/index.html'));
  await Promise.all([page ? buildWeb(say) : undefined, withBase ? prepareBase(say) : undefined]);
}

async function buildWeb(say) {
  const inputs = ['apps/web', 'packages/contract', 'packages/domain', 'package-lock.json', 'tsconfig.base.json'];
  const hash = hashFiles(inputs);
  if (existsSync(join(root, 'apps/web/dist/index.html')) && readStamp('web') === hash) return;
  say('Building the web page …');
  await run('Building the web page', [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], join(root, 'apps/web'));
  writeStamp('web', hash);
}

async function prepareBase(say) {
  const hash = hashFiles(['prisma/migrations', 'node_modules/@electric-sql/pglite/package.json']);
  if (readStamp('base') === hash) return;
  say('Preparing the embedded database …');
  await run('Preparing the embedded database', [join(root, 'packages/db/src/prepare-base.ts')], root);
  writeStamp('base', hash);
}

/** Runs a tool under the project's Node and keeps quiet unless it fails. */
function run(title, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(runtime(), args, { cwd, env: toolEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new PrepareError(`${title} failed:\n${output}`))));
  });
}

// What the start and test scripts know about the project before anything is installed: plain JavaScript for Node 20.19 and newer.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const stamps = join(root, 'node_modules/.cache/granary/stamps');

/** The project's own Node 24, which npm installs; the Node that runs this script while there is none. */
export function runtime() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = join(root, 'node_modules/node/bin', name);
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error('The project brings Node 24 as an npm package, and it is missing. Remove node_modules and try again.');
}

/** SHA-256 over the names and bytes of files and folders (relative to the root), and over further values. */
export function hashFiles(paths, values = []) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesUnder(path))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0');
  }
  for (const value of values) hash.update(`${value}\0`);
  return hash.digest('hex');
}

const skipped = new Set(['node_modules', 'dist', 'generated', '.turbo', 'coverage', 'test-results']);

function filesUnder(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((item) => !skipped.has(item.name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((item) => filesUnder(`${path}/${item.name}`));
}

/** The version of an installed package, or none. */
export function installedVersion(name) {
  const file = join(root, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

/** What `writeStamp` last noted under this name, or none. Stamps go with node_modules. */
export function readStamp(name) {
  const file = join(stamps, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}

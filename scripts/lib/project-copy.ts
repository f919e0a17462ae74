import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** What is made anew, or linked. */
const left = new Set(['.git', 'node_modules', '.turbo', 'coverage', 'test-results', 'playwright-report']);
/** What tools keep in `node_modules` about this very folder. */
const caches = new Set(['.vite', '.vite-temp', '.vitest']);

/**
 * Copies the project into a new temporary folder, which it returns: the files as they are now, the installed packages as links, and the
 * project's own packages as links to their copies.
 */
export function copyProject(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'granary-mutate-'));
  cpSync(root, copy, { recursive: true, filter: (path) => path === root || !left.has(basename(path)) });
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] };
  for (const folder of ['.', ...globSync(workspaces, { cwd: root })]) linkPackages(join(root, folder, 'node_modules'), join(copy, folder));
  return copy;
}

function linkPackages(installed: string, folder: string): void {
  if (!existsSync(installed)) return;
  const target = join(folder, 'node_modules');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(installed)) {
    if (caches.has(name)) continue;
    if (name !== '@granary') symlinkSync(join(installed, name), join(target, name), 'junction');
    else for (const own of readdirSync(join(installed, name))) linkOwn(join(installed, name, own), join(target, name, own));
  }
}

/** A link of npm's to a workspace is relative; so is the new one, to the copy of that workspace. */
function linkOwn(link: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(resolve(dirname(target), readlinkSync(link)), target, 'junction');
}

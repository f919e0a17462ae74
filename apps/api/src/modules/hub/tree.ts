import type { HubEntry } from '@granary/contract';
import { treeId, type TreeChild } from './git-objects.ts';

export type HubFile = Extract<HubEntry, { type: 'file' }>;

/** All folders and files of a revision: folders first, then by path, in the order of their code units. */
export function buildTree(files: readonly HubFile[]): HubEntry[] {
  const folders = foldersOf('', files);
  return [...folders.folders, ...files].sort((a, b) => Number(a.type === 'file') - Number(b.type === 'file') || compare(a.path, b.path));
}

/**
 * What lies below a folder (the root is ''), everything or its own entries only; of a file, the file. Null when there is nothing of that path.
 */
export function entriesBelow(tree: readonly HubEntry[], path: string, recursive: boolean): HubEntry[] | null {
  const found = tree.find((entry) => entry.path === path);
  if (found?.type === 'file') return [found];
  if (found === undefined && path !== '') return null;
  const prefix = path === '' ? '' : `${path}/`;
  return tree.filter((entry) => entry.path.startsWith(prefix) && (recursive || !entry.path.slice(prefix.length).includes('/')));
}

/** The name of the folder with these files, and every folder in it. */
function foldersOf(prefix: string, files: readonly HubFile[]): { oid: string; folders: HubEntry[] } {
  const folders: HubEntry[] = [];
  const children: TreeChild[] = [];
  const byName = Map.groupBy(files, ({ path }) => path.slice(prefix.length).split('/')[0] ?? '');
  for (const [name, inside] of byName) {
    const path = prefix + name;
    const file = inside.find((entry) => entry.path === path);
    if (file) {
      children.push({ name, oid: file.oid, isFolder: false });
      continue;
    }
    const below = foldersOf(`${path}/`, inside);
    children.push({ name, oid: below.oid, isFolder: true });
    folders.push({ type: 'directory', oid: below.oid, size: 0, path }, ...below.folders);
  }
  return { oid: treeId(children), folders };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

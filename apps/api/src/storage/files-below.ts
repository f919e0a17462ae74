import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files in a folder and in all below it, in order, named from `root` with `/` between: `folder` is empty or ends in one. Folders that are
 * not there have none. It is read folder by folder: one that is removed meanwhile hides no other, as it does in `readdir`'s recursive reading.
 */
export async function filesBelow(root: string, folder = ''): Promise<string[]> {
  const found: string[] = [];
  const waiting = [folder];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    for (const entry of await readdir(join(root, current), { withFileTypes: true }).catch(ignoreMissing)) {
      if (entry.isFile()) found.push(current + entry.name);
      else if (entry.isDirectory()) waiting.push(`${current}${entry.name}/`);
    }
  }
  return found.sort();
}

function ignoreMissing(error: NodeJS.ErrnoException): never[] {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return [];
}

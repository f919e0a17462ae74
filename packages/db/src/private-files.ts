import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const othersMask = 0o077;

/**
 * Takes all rights of group and others away from a folder or file and everything below it, so that other users of the machine can read neither
 * the database nor its log. Links are left alone, and so is what vanishes meanwhile. Throws when a file belongs to somebody else.
 */
export function makePrivate(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isSymbolicLink()) return;
  if ((found.mode & othersMask) !== 0) chmodSync(path, found.mode & 0o700);
  if (!found.isDirectory()) return;
  for (const name of readdirSync(path)) makePrivate(join(path, name));
}

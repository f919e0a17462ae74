import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What `e2e/src/trail.ts` writes for each test of a journey file when it has run. */
type Trail = { fingerprint: string; addresses: string[] };

/**
 * The paths of pages and API requests that the tests of a journey file (from the root) asked for when they last ran;
 * undefined when none has run since the file was changed.
 */
export function readTrail(root: string, file: string): string[] | undefined {
  const fingerprint = createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');
  const trails = recorded(root, basename(file)).filter((trail) => trail.fingerprint === fingerprint);
  return trails.length === 0 ? undefined : [...new Set(trails.flatMap(({ addresses }) => addresses))];
}

function recorded(root: string, journey: string): Trail[] {
  const folder = join(root, 'node_modules/.cache/granary/journey-trails', journey);
  try {
    return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Trail);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

// Where tests keep what lasts a moment.
import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const memoryFolder = '/dev/shm';
/** What a whole run needs at most, several times over. */
const roomBytes = 6 * 1024 ** 3;

/**
 * The environment that puts temporary files into memory, where there is room for them: databases and stored files are flushed to the
 * disk with every write, and tests that end their processes do not need that. Empty where somebody has chosen a folder.
 */
export function temporaryFolder() {
  if (process.env.TMPDIR !== undefined || freemem() < roomBytes) return {};
  try {
    accessSync(memoryFolder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(memoryFolder);
    return bavail * bsize < roomBytes ? {} : { TMPDIR: memoryFolder };
  } catch {
    return {};
  }
}

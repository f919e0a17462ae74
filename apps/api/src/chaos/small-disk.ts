import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const mb = 1024 * 1024;

export type SmallDisk = { folder: string; fillTo(freeMb: number): Promise<void>; empty(): Promise<void>; remove(): void };

/** A disk of its own size in memory; null where this user may not mount one. */
export function mountSmallDisk(sizeMb: number): SmallDisk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'granary-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=700`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    /** Somebody else's file takes all space but so much. */
    async fillTo(freeMb) {
      const { bavail, bsize } = await statfs(folder);
      const chunks = Math.max(0, Math.floor((bavail * bsize) / mb - freeMb));
      await pipeline(Readable.from(Array.from({ length: chunks }, () => Buffer.alloc(mb))), createWriteStream(ballast, { flags: 'a' }));
    },
    empty: () => rm(ballast, { force: true }),
    remove() {
      execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

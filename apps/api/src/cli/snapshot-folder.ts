import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { snapshotFileNameSchema } from '@granary/contract';
import type { SnapshotFile } from '@granary/contract';
import { isDataFile } from '@granary/corpus';
import { RefusedError } from './errors.ts';

export type NamedFile = Pick<SnapshotFile, 'name' | 'format' | 'encoding'>;

/** Where a file of a snapshot lies in a folder. Throws RefusedError for a name that would lie elsewhere. */
export function pathIn(folder: string, name: string): string {
  if (!snapshotFileNameSchema.safeParse(name).success)
    throw new RefusedError(`The snapshot names a file ${JSON.stringify(name)}, which has no place in a folder.`);
  return join(folder, ...name.split('/'));
}

/** The files of the formats that are wanted, all where none is named; what describes a snapshot comes along always. */
export function filesOfFormats<File extends NamedFile>(files: readonly File[], formats: readonly string[]): File[] {
  const known = new Set(files.filter(isDataFile).map(({ format }) => format));
  const unknown = formats.find((format) => !known.has(format));
  if (unknown !== undefined)
    throw new RefusedError(`The snapshot has no files of a format "${unknown}". It has: ${[...known].join(', ')}.`);
  return files.filter((file) => !isDataFile(file) || formats.length === 0 || formats.includes(file.format));
}

/** `--formats dolly,full` as a list. */
export const formatList = (option: string | undefined): string[] =>
  (option ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export type Measured = { bytes: number; sha256: string };

/** Size and SHA-256 of a file, or null when there is none; a part at a time. */
export async function measure(path: string): Promise<Measured | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

const decompressors: Record<string, (() => NodeJS.ReadWriteStream) | null> = {
  jsonl: null,
  'jsonl.gz': createGunzip,
  'jsonl.zst': createZstdDecompress,
};

/** Rows of a file of JSON Lines; null for other encodings, which would have to be read by their own readers. Rejects when it is broken. */
export async function countRows(path: string, encoding: string | null): Promise<number | null> {
  if (encoding === null || !Object.hasOwn(decompressors, encoding)) return null;
  const decompress = decompressors[encoding];
  const source = createReadStream(path);
  const lines = decompress ? source.pipe(decompress()) : source;
  source.on('error', (error) => (lines as Readable).destroy(error));
  let rows = 0;
  let last: number | undefined;
  for await (const chunk of lines as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) rows += 1;
    last = chunk.at(-1) ?? last;
  }
  // A last line without an end is a row too.
  return last === undefined || last === 10 ? rows : rows + 1;
}

/** The names of all files in a folder, but for hidden ones, which tools leave behind for themselves; in the order of their names. */
export async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .toSorted();
}

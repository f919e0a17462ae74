import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create, extract, list } from 'tar';
import type { ReadEntry } from 'tar';
import * as z from 'zod';
import { BackupError } from './backup-error.ts';

/** `backup.json`, the first file of an archive. Another layout gets another number. */
const descriptionSchema = z.object({
  granaryBackup: z.literal(1),
  /** Version of the program that made it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  database: z.enum(['pglite', 'postgres']),
  /** Migrations that the database had applied, in order. */
  migrations: z.array(z.string()),
  /** Whether `files/` holds the stored files; `elsewhere`: they are in a bucket. */
  files: z.enum(['included', 'elsewhere']),
});
export type BackupDescription = z.infer<typeof descriptionSchema>;

const descriptionName = 'backup.json';
const sumsName = 'SHA256SUMS';
/** The parts of an archive: the embedded database's folder or PostgreSQL's dump, and the stored files. */
export const partNames = { embedded: 'postgres', dump: 'database.dump', files: 'files' } as const;
const allowedName = /^(?:backup\.json|SHA256SUMS|database\.dump|(?:postgres|files)(?:\/.*)?)$/;
/** The description and the list of checksums are read into memory. */
const smallFileBytes = 256 * 1024 * 1024;

/**
 * Turns a folder with the parts of a backup into one archive, `tar.gz`, as it is read. The list of checksums comes last, so that an archive that
 * was cut short is recognised, and is one that `sha256sum -c SHA256SUMS` checks after unpacking.
 */
export async function packArchive(folder: string, description: BackupDescription): Promise<Readable> {
  await writeFile(join(folder, descriptionName), `${JSON.stringify(descriptionSchema.parse(description), null, 2)}\n`);
  const entries = (await readdir(folder, { withFileTypes: true, recursive: true }))
    .map((entry) => ({
      isFile: entry.isFile(),
      name: join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    }))
    .filter(({ name }) => name !== descriptionName && name !== sumsName)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const files = [descriptionName, ...entries.filter(({ isFile }) => isFile).map(({ name }) => name)];
  await writeFile(join(folder, sumsName), await sumsOf(folder, files));
  // Named one by one, or folders would be walked after everything else.
  const names = [descriptionName, ...entries.map(({ name }) => name), sumsName];
  const archive = create({ cwd: folder, gzip: { level: 1 }, portable: true, noDirRecurse: true }, names);
  return archive as unknown as Readable;
}

/** Reads a whole archive and checks every file against the list of checksums at its end. Throws `BackupError`. */
export async function checkArchive(file: string): Promise<BackupDescription> {
  const found = new Map<string, string>();
  const small = new Map<string, string>();
  const complaints: string[] = [];
  const reading: Promise<void>[] = [];
  const onReadEntry = (entry: ReadEntry) => {
    const name = entry.path.replace(/\/$/, '');
    if (!allowedName.test(name) || !['File', 'OldFile', 'Directory'].includes(entry.type))
      complaints.push(`it holds ${JSON.stringify(name.slice(0, 200))}`);
    if (entry.type === 'Directory') return entry.resume();
    reading.push(hashEntry(entry, name, found, small));
  };
  try {
    await list({ file, strict: true, onReadEntry, maxDecompressionRatio: Infinity });
    await Promise.all(reading);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BackupError(`There is no file ${file}.`, { cause: error });
    throw damaged(file, (error as Error).message, error);
  }
  if (complaints[0] !== undefined) throw damaged(file, complaints[0]);
  compareSums(file, small.get(sumsName), found);
  return readDescription(file, small.get(descriptionName));
}

/** Unpacks an archive that was checked. Everything is readable by its owner only. Throws `BackupError`. */
export async function unpackArchive(file: string, folder: string): Promise<void> {
  const onReadEntry = (entry: ReadEntry) => {
    // The library takes the mode from the entry; ours hold passwords' hashes.
    Object.assign(entry, { mode: entry.type === 'Directory' ? 0o700 : 0o600 });
  };
  await extract({ file, cwd: folder, strict: true, preserveOwner: false, maxDecompressionRatio: Infinity, onReadEntry });
}

async function hashEntry(entry: ReadEntry, name: string, found: Map<string, string>, small: Map<string, string>): Promise<void> {
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    if ((name === descriptionName || name === sumsName) && bytes <= smallFileBytes) kept.push(chunk);
  }
  if (name !== sumsName) found.set(name, hash.digest('hex'));
  if (kept.length > 0) small.set(name, Buffer.concat(kept).toString('utf8'));
}

function compareSums(file: string, sums: string | undefined, found: ReadonlyMap<string, string>): void {
  if (sums === undefined) throw damaged(file, 'its end is missing');
  const named = new Map(
    sums
      .split('\n')
      .filter((line) => line !== '')
      .map((line): [string, string] => [line.slice(66), line.slice(0, 64)]),
  );
  for (const [name, sum] of named)
    if (found.get(name) !== sum) throw damaged(file, `${name} is ${found.has(name) ? 'changed' : 'missing'}`);
  for (const name of found.keys()) if (!named.has(name)) throw damaged(file, `${name} is not in the list of checksums`);
}

function readDescription(file: string, text: string | undefined): BackupDescription {
  try {
    return descriptionSchema.parse(JSON.parse(text ?? 'null'));
  } catch (error) {
    throw new BackupError(
      `${file} is not a backup that this version of Granary can read: ${descriptionName} is missing or of another format.`,
      {
        cause: error,
      },
    );
  }
}

function damaged(file: string, reason: string, cause?: unknown): BackupError {
  return new BackupError(`${file} is incomplete, damaged, or no backup of Granary: ${reason}. Nothing was restored.`, { cause });
}

/** The lines that `sha256sum` prints for these files. */
async function sumsOf(folder: string, names: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const name of names) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  return lines.join('');
}

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { endpoints, snapshotSchema } from '@granary/contract';
import type { Snapshot, SnapshotFile } from '@granary/contract';
import type { Client } from './client.ts';
import { fromHere, needed, readArguments, type Command } from './command.ts';
import { CliError, exitCodes, RefusedError } from './errors.ts';
import { filesOfFormats, formatList, measure, pathIn } from './snapshot-folder.ts';
import { count } from './terminal.ts';

const help = `Downloads the files of a published snapshot and checks each against its SHA-256.

  npm run granary -- download DATASET [vN|latest] [--out FOLDER] [--formats dolly,full]

  --out FOLDER       where to put them (else DATASET-vN)
  --formats LIST     only the data files of these formats; what describes the snapshot comes along
  --server URL       see: npm run granary -- --help

Files that are there already and right are not downloaded again, and one that broke off goes on where it stopped.`;

export const downloadCommand: Command = {
  summary: 'download a snapshot and verify it',
  help,
  async run(argv, terminal) {
    const { values, positionals, client } = readArguments(argv, { out: { type: 'string' }, formats: { type: 'string' } }, [
      'DATASET',
      'VERSION',
    ]);
    const slug = needed(positionals, 0, 'DATASET');
    const snapshot = await findSnapshot(client, slug, positionals[1] ?? 'latest');
    const folder = fromHere(values.out ?? `${slug}-v${snapshot.number}`);
    for (const file of filesOfFormats(snapshot.files, formatList(values.formats))) {
      const path = pathIn(folder, file.name);
      const there = (await measure(path))?.sha256 === file.sha256;
      if (!there) await fetchFile(client, file, path);
      terminal.print(`${file.sha256}  ${path}  ${there ? 'there already' : `${count(file.bytes)} bytes`}`);
    }
    return exitCodes.done;
  },
};

/** A published snapshot by `vN` or `latest`. Throws CliError, RefusedError. */
export async function findSnapshot(client: Client, slug: string, version: string): Promise<Snapshot> {
  if (version === 'latest') {
    const response = await client.open(endpoints.snapshots.latest, { params: { slug } });
    return snapshotSchema.parse(await response.json());
  }
  const number = /^v?([1-9]\d{0,5})$/.exec(version)?.[1];
  if (number === undefined) throw new CliError(`"${version}" is neither a version such as v3 nor "latest".`);
  return client.call(endpoints.snapshots.get, { params: { slug, number } });
}

/**
 * Writes beside the goal and renames once the checksum is right, so that a broken download is never taken for the file. What an
 * earlier one had brought is kept: the rest is asked for.
 */
async function fetchFile(client: Client, file: SnapshotFile, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.part`;
  const begun = (await measure(draft))?.bytes ?? 0;
  const response = await client.openPath(file.url, { from: begun < file.bytes ? begun : 0 });
  const goesOn = response.status === 206;
  const hash = createHash('sha256');
  if (goesOn) for await (const chunk of createReadStream(draft)) hash.update(chunk as Buffer);
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const content = response.body ? Readable.fromWeb(response.body) : Readable.from([]);
  await pipeline(content, measured, createWriteStream(draft, { flags: goesOn ? 'a' : 'w' }));
  if (hash.digest('hex') !== file.sha256) {
    await rm(draft, { force: true });
    throw new RefusedError(`${file.name} does not have the SHA-256 that the server names. It was not kept; download it again.`);
  }
  await rename(draft, path);
}

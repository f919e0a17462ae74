import { readFile } from 'node:fs/promises';
import { contentHash, isDataFile, ManifestError, manifestFileName, readPublishedManifest } from '@granary/corpus';
import type { PublishedManifest } from '@granary/corpus';
import { fromHere, needed, readArguments, type Command } from './command.ts';
import { CliError, exitCodes, RefusedError } from './errors.ts';
import { countRows, filesOfFormats, formatList, measure, namesIn, pathIn } from './snapshot-folder.ts';
import { count, counted, type Terminal } from './terminal.ts';

const help = `Checks a downloaded snapshot against its manifest.json, without a server.

  npm run granary -- verify FOLDER [--formats dolly,full]

  --formats LIST     only the files of these formats, for a folder that was downloaded so

Every file must be there with the size, the SHA-256 and, for JSON Lines, the rows that the manifest names, and no other may lie beside
them (hidden files do not count). The content hash is calculated again. What is wrong is told file by file; the exit code is 1 then.
Manifests of every version that Granary has published can be read.`;

export const verifyCommand: Command = {
  summary: 'check a downloaded snapshot against its manifest',
  help,
  async run(argv, terminal) {
    const { values, positionals } = readArguments(argv, { formats: { type: 'string' } }, ['FOLDER']);
    const folder = fromHere(needed(positionals, 0, 'FOLDER')).replace(/[/\\]+$/, '');
    const manifest = await readManifest(folder);
    const wanted = filesOfFormats(manifest.files, formatList(values.formats));
    let wrong = 0;
    for (const file of wanted) {
      const complaint = await complaintOf(folder, file);
      report(terminal, file.name, complaint);
      if (complaint !== null) wrong += 1;
    }
    const named = new Set([manifestFileName, ...manifest.files.map(({ name }) => name)]);
    for (const name of await namesIn(folder)) {
      if (named.has(name)) continue;
      report(terminal, name, 'extra: the manifest does not name it');
      wrong += 1;
    }
    const hash = contentHash(manifest.files.filter(isDataFile));
    if (hash !== manifest.contentHash) {
      report(terminal, manifestFileName, `its content hash is ${manifest.contentHash}, but that of the files it names is ${hash}`);
      wrong += 1;
    }
    const { dataset, snapshot } = manifest;
    if (wrong > 0) throw new RefusedError(`${counted(wrong, 'thing')} wrong with ${dataset.slug} v${snapshot} in ${folder}.`);
    terminal.print(
      `${dataset.slug} v${snapshot} is as its manifest says: ${counted(wanted.length, 'file')}, content ${manifest.contentHash}.`,
    );
    return exitCodes.done;
  },
};

function report(terminal: Terminal, name: string, complaint: string | null): void {
  terminal.print(complaint === null ? `ok     ${name}` : `WRONG  ${name}: ${complaint}`);
}

async function readManifest(folder: string): Promise<PublishedManifest> {
  let text: string;
  try {
    text = await readFile(pathIn(folder, manifestFileName), 'utf8');
  } catch (error) {
    throw new CliError(`There is no ${manifestFileName} in ${folder}, so there is nothing to check against.`, { cause: error });
  }
  try {
    return readPublishedManifest(text);
  } catch (error) {
    if (error instanceof ManifestError) throw new RefusedError(`${manifestFileName} ${error.message}`);
    throw error;
  }
}

/** What is wrong with a file; null when it is as the manifest says. */
async function complaintOf(
  folder: string,
  { name, bytes, sha256, rows, encoding }: PublishedManifest['files'][number],
): Promise<string | null> {
  const path = pathIn(folder, name);
  const found = await measure(path);
  if (found === null) return 'missing';
  if (found.bytes !== bytes) return `changed: ${count(found.bytes)} bytes instead of ${count(bytes)}`;
  if (found.sha256 !== sha256) return `changed: SHA-256 ${found.sha256} instead of ${sha256}`;
  if (rows === null) return null;
  try {
    const counted = await countRows(path, encoding);
    return counted === null || counted === rows ? null : `${count(counted)} rows, but the manifest says ${count(rows)}`;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}

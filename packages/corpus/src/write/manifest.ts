import { createHash } from 'node:crypto';
import { manifestSchema } from '@granary/contract';
import type { Manifest } from '@granary/contract';

export const manifestFileName = 'manifest.json';

/**
 * One value for the content of a snapshot: SHA-256 over the lines that `sha256sum` prints for its data files in their order, so that
 * `sha256sum dolly.jsonl.gz full.jsonl.gz data/dolly/train-00000-of-00001.parquet … | sha256sum` gives the same. Snapshots of the same
 * state share it. What describes the data, or tells of changes, is not hashed: it also depends on the snapshots before.
 */
export function contentHash(dataFiles: readonly { name: string; sha256: string }[]): string {
  const hash = createHash('sha256');
  for (const { name, sha256 } of dataFiles) hash.update(`${sha256}  ${name}\n`);
  return hash.digest('hex');
}

/** Lists of what has changed: they have rows, but are no part of the data. */
const changeFormats = new Set(['changes', 'retracted']);

/** Whether a file holds the snapshot's own rows, so that the content hash is made of it. */
export const isDataFile = ({ format, encoding }: { format: string; encoding: string | null }) =>
  encoding !== null && !changeFormats.has(format);

/** The bytes of `manifest.json`. Throws when the manifest does not fit the contract. */
export function renderManifest(manifest: Manifest): Buffer {
  // The schema also settles the order of the keys.
  return Buffer.from(`${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`, 'utf8');
}

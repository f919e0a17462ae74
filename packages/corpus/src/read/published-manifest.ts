import { manifestSchema, manifestVersion } from '@granary/contract';
import type { Manifest } from '@granary/contract';
import * as z from 'zod';

/** What every version of `manifest.json` says, in the words of the present one. */
export type PublishedManifest = Pick<Manifest, 'dataset' | 'snapshot' | 'contentHash' | 'files'>;

/** The content is no manifest of any version that was ever published; the message says why. */
export class ManifestError extends Error {}

/** Version 1: every file with rows was gzipped JSON Lines that held all splits. */
const firstSchema = z.object({
  granary: z.literal(1),
  dataset: z.object({ slug: z.string(), title: z.string(), licence: z.string() }),
  snapshot: z.int(),
  contentHash: z.string(),
  files: z.array(
    z
      .object({ name: z.string(), mediaType: z.string(), format: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int().nullable() })
      .transform((file) => ({ ...file, encoding: file.rows === null ? null : 'jsonl.gz', split: null })),
  ),
});

/** Version 2. The first days of it had no `policy`. */
const secondSchema = manifestSchema
  .pick({ dataset: true, snapshot: true, contentHash: true, files: true })
  .extend({ granary: z.literal(2) });

/** A reader for every version, so that what was published stays verifiable. A new version adds a line, and a folder to `fixtures/manifests`. */
const schemas: Record<number, z.ZodType<PublishedManifest>> = { 1: firstSchema, 2: secondSchema };

/** Reads the text of a `manifest.json` of any version up to {@link manifestVersion}. Throws `ManifestError`. */
export function readPublishedManifest(text: string): PublishedManifest {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new ManifestError(`is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const versioned = z.object({ granary: z.int() }).safeParse(content);
  if (!versioned.success) throw new ManifestError(`is not a manifest of this format:\n${z.prettifyError(versioned.error)}`);
  const { granary: version } = versioned.data;
  const schema = schemas[version];
  if (schema === undefined)
    throw new ManifestError(
      `is of version ${version}; this program understands versions 1 to ${manifestVersion}. Check it with the Granary that published it.`,
    );
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw new ManifestError(`is not a manifest of version ${version}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

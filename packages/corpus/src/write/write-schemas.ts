import { mkdirSync, writeFileSync } from 'node:fs';
import { formats } from './format-registry.ts';
import { rowJsonSchema } from './row-json-schema.ts';

/** Writes `docs/schema/<format>.schema.json` for every format anew; a test tells when that was forgotten. */
const folder = new URL('../../../../docs/schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const format of formats)
  writeFileSync(new URL(`${format.name}.schema.json`, folder), `${JSON.stringify(rowJsonSchema(format), null, 2)}\n`);

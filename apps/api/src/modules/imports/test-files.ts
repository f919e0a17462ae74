import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../../..');
const shared = process.env['GRANARY_SHARED_DATA'] ?? resolve(root, '../shared/data');

export type TestFile = { path: string; format: 'dolly' | 'oasst' | 'self_instruct'; rows: number; pairs: number; licence: string };

/** The extracts that every clone has. */
export const fixtures = {
  dolly: { path: resolve(root, 'fixtures/imports/dolly.jsonl'), format: 'dolly', rows: 18, pairs: 18, licence: 'CC-BY-SA-3.0' },
  gsm8k: { path: resolve(root, 'fixtures/imports/gsm8k.jsonl'), format: 'dolly', rows: 20, pairs: 20, licence: 'MIT' },
  selfInstruct: {
    path: resolve(root, 'fixtures/imports/self-instruct.jsonl'),
    format: 'self_instruct',
    rows: 17,
    pairs: 17,
    licence: 'Apache-2.0',
  },
  oasst: { path: resolve(root, 'fixtures/imports/oasst.jsonl'), format: 'oasst', rows: 3, pairs: 18, licence: 'Apache-2.0' },
} as const satisfies Record<string, TestFile>;

/** The whole files, where they lie beside the repository. */
export const wholeFiles: TestFile[] = (
  [
    { path: 'dolly-sample.jsonl', format: 'dolly', rows: 151, pairs: 151, licence: 'CC-BY-SA-3.0' },
    { path: 'gsm8k-train.jsonl', format: 'dolly', rows: 7473, pairs: 7473, licence: 'MIT' },
    { path: 'self-instruct-seed-tasks.jsonl', format: 'self_instruct', rows: 175, pairs: 175, licence: 'Apache-2.0' },
    { path: 'self-instruct-user-oriented.jsonl', format: 'self_instruct', rows: 252, pairs: 252, licence: 'Apache-2.0' },
    { path: 'oasst-en-100-trees.jsonl', format: 'oasst', rows: 100, pairs: 687, licence: 'Apache-2.0' },
  ] as const
)
  .map((file) => ({ ...file, path: resolve(shared, file.path) }))
  .filter((file) => existsSync(file.path));

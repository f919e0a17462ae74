import { stringify } from 'yaml';
import type { CorpusSummary } from './summary.ts';
import type { Split } from '@granary/contract';
import { splits } from '@granary/contract';
import type { RowSchema, SnapshotFormat } from './snapshot-format.ts';

/** A data file, as far as the card speaks of it. `split` is null for a file that holds every split. */
export type CardFile = {
  name: string;
  format: SnapshotFormat;
  split: Split | null;
  rows: number;
  bytes: number;
  uncompressedBytes: number;
};

export type CardMetadataInput = { title: string; licence: string; licenceUrl: string; summary: CorpusSummary; files: readonly CardFile[] };

/** Licences that Hugging Face knows by their SPDX identifier in lower case. All others are `other` with a name and a link. */
const hubLicences = new Set([
  'apache-2.0',
  'mit',
  'bsd-2-clause',
  'bsd-3-clause',
  'isc',
  'unlicense',
  'wtfpl',
  'mpl-2.0',
  'gpl-2.0',
  'gpl-3.0',
  'agpl-3.0',
  'lgpl-2.1',
  'lgpl-3.0',
  'cc0-1.0',
  'cc-by-2.0',
  'cc-by-2.5',
  'cc-by-3.0',
  'cc-by-4.0',
  'cc-by-sa-3.0',
  'cc-by-sa-4.0',
  'cc-by-nc-2.0',
  'cc-by-nc-3.0',
  'cc-by-nc-4.0',
  'cc-by-nd-4.0',
  'cc-by-nc-nd-3.0',
  'cc-by-nc-nd-4.0',
  'cc-by-nc-sa-2.0',
  'cc-by-nc-sa-3.0',
  'cc-by-nc-sa-4.0',
  'odc-by',
  'pddl',
  'gfdl',
]);
/** SPDX identifiers that Hugging Face spells in another way. */
const hubSpelling: Record<string, string> = { 'ODbL-1.0': 'odbl', 'ODC-By-1.0': 'odc-by', 'PDDL-1.0': 'pddl', 'GFDL-1.3-or-later': 'gfdl' };

const sizes: [number, string][] = [
  [1e3, 'n<1K'],
  [1e4, '1K<n<10K'],
  [1e5, '10K<n<100K'],
  [1e6, '100K<n<1M'],
  [1e7, '1M<n<10M'],
  [1e8, '10M<n<100M'],
];

/** Hugging Face's task for a category; text generation fits every instruction. */
const tasks: Record<string, string> = {
  closed_qa: 'question-answering',
  open_qa: 'question-answering',
  general_qa: 'question-answering',
  summarization: 'summarization',
  classification: 'text-classification',
};

/** The YAML block at the head of the card, without its fences, as Hugging Face reads it. */
export function renderCardMetadata({ title, licence, licenceUrl, summary, files }: CardMetadataInput): string {
  const { counts } = summary;
  const configurations = configurationsOf(files);
  const categories = new Set(counts.byCategory.flatMap(({ category }) => tasks[category] ?? []));
  const metadata = {
    pretty_name: title,
    ...licenceFields(licence, licenceUrl),
    language: counts.byLanguage.map(({ language }) => language),
    task_categories: ['text-generation', ...[...categories].sort()],
    size_categories: [sizes.find(([limit]) => counts.pairs < limit)?.[1] ?? 'n>100M'],
    tags: ['instruction-tuning', 'granary'],
    configs: configurations.map(({ format, splits: held }) => ({
      config_name: format.name,
      ...(format.name === configurations[0]?.format.name ? { default: true } : {}),
      data_files: held.map(({ split, files: shards }) => ({ split, path: shards.map(({ name }) => name) })),
    })),
    dataset_info: configurations.map(({ format, splits: held }) => ({
      config_name: format.name,
      features: features(format.schema, summary.ratingDimensions),
      splits: held.map(({ split, files: shards }) => ({
        name: split,
        num_bytes: sum(shards, 'uncompressedBytes'),
        num_examples: sum(shards, 'rows'),
      })),
      download_size: sum(
        held.flatMap(({ files: shards }) => shards),
        'bytes',
      ),
      dataset_size: sum(
        held.flatMap(({ files: shards }) => shards),
        'uncompressedBytes',
      ),
    })),
  };
  return stringify(metadata, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}

/** A configuration per format with files by split, in the order of the files; the first is what is loaded when none is named. */
function configurationsOf(files: readonly CardFile[]) {
  return Map.groupBy(
    files.filter(({ split }) => split !== null),
    ({ format }) => format,
  )
    .entries()
    .map(([format, ofFormat]) => ({
      format,
      splits: splits
        .map((split) => ({ split, files: ofFormat.filter((file) => file.split === split) }))
        .filter(({ files: shards }) => shards.length > 0),
    }))
    .toArray();
}

const sum = (files: readonly CardFile[], key: 'rows' | 'bytes' | 'uncompressedBytes') =>
  files.reduce((total, file) => total + file[key], 0);

function licenceFields(licence: string, licenceUrl: string) {
  const known = hubSpelling[licence] ?? licence.toLowerCase();
  return hubLicences.has(known) || known === hubSpelling[licence]
    ? { license: known }
    : { license: 'other', license_name: licence, license_link: licenceUrl };
}

type JsonSchema = { type?: string | string[]; anyOf?: JsonSchema[]; items?: JsonSchema; properties?: Record<string, JsonSchema> };
type Feature = { name: string } & ({ dtype: string } | { sequence: string } | { struct: { name: string; dtype: string }[] });
const dtypes: Record<string, string> = { string: 'string', integer: 'int64', number: 'float64', boolean: 'bool' };

/** The columns' types in the words of the `datasets` library, derived from the contract. */
function features(schema: RowSchema, ratingDimensions: readonly string[]): Feature[] {
  const { properties = {} } = schema.toJSONSchema() as JsonSchema;
  return Object.entries(properties).map(([name, property]) => feature(name, property, ratingDimensions));
}

function feature(name: string, schema: JsonSchema, ratingDimensions: readonly string[]): Feature {
  const types = [schema, ...(schema.anyOf ?? [])].flatMap(({ type }) => type ?? []).filter((type) => type !== 'null');
  if (types[0] === 'object') return { name, struct: ratingDimensions.map((dimension) => ({ name: dimension, dtype: 'float64' })) };
  if (types[0] === 'array') return { name, sequence: scalar(name, [schema.items?.type ?? []].flat()) };
  return { name, dtype: scalar(name, types) };
}

function scalar(name: string, types: readonly string[]): string {
  const dtype = types.length === 1 ? dtypes[types[0] ?? ''] : undefined;
  if (dtype === undefined) throw new Error(`The column ${name} has no type that a card can name: ${types.join(', ')}`);
  return dtype;
}

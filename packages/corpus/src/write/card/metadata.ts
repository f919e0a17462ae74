import { stringify } from 'yaml';
import type { CorpusSummary } from '../summary.ts';
import type { Split } from '@granary/contract';
import { splits } from '@granary/contract';
import { hasLicencePage, licenceUrl, yamlText } from './wording.ts';
import { columnsOf } from '../encodings/column-types.ts';
import type { Column, ColumnType } from '../encodings/column-types.ts';
import type { SnapshotFormat } from '../snapshot-format.ts';

/** A data file, as far as the card speaks of it. `split` is null for a file that holds every split. */
export type CardFile = {
  name: string;
  format: SnapshotFormat;
  split: Split | null;
  rows: number;
  bytes: number;
  uncompressedBytes: number;
};

export type CardMetadataInput = {
  title: string;
  licence: string;
  isDemo: boolean;
  summary: CorpusSummary;
  files: readonly CardFile[];
};

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
  [1e9, '100M<n<1B'],
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
export function renderCardMetadata({ title, licence, isDemo, summary, files }: CardMetadataInput): string {
  const { counts } = summary;
  const configurations = configurationsOf(files);
  const categories = new Set(counts.byCategory.flatMap(({ category }) => tasks[category] ?? []));
  const metadata = {
    pretty_name: yamlText(title),
    ...licenceFields(licence),
    language: counts.byLanguage.map(({ language }) => language),
    ...origins(summary),
    task_categories: ['text-generation', ...[...categories].sort()],
    size_categories: [sizes.find(([limit]) => counts.pairs < limit)?.[1] ?? '1B<n<10B'],
    tags: ['instruction-tuning', 'granary', ...(isDemo ? ['demo'] : [])],
    configs: configurations.map(({ format, splits: held }) => ({
      config_name: format.name,
      ...(format.name === configurations[0]?.format.name ? { default: true } : {}),
      data_files: held.map(({ split, files: shards }) => ({ split, path: shards.map(({ name }) => name) })),
    })),
    dataset_info: configurations.map(({ format, splits: held }) => ({
      config_name: format.name,
      ...features(format, summary.ratingDimensions),
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
  // YAML 1.1 is what Python's readers speak: with it, the language `no` is not written as a boolean.
  return stringify(metadata, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}

/**
 * A configuration per format with files by split, in the order of the files; the first is what is loaded when none is named. The
 * `datasets` library reads all configurations of a repository by the reader that fits the first: files of another kind can be none.
 */
export function configurationsOf(files: readonly CardFile[]) {
  const bySplit = files.filter(({ split }) => split !== null);
  const kind = bySplit[0] && endingOf(bySplit[0]);
  return Map.groupBy(
    bySplit.filter((file) => endingOf(file) === kind),
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

const endingOf = ({ name }: CardFile) => name.slice(name.indexOf('.', name.lastIndexOf('/')));

/** None for rows that fit no columns: the library finds out by itself then. */
function features({ tabular, schema }: SnapshotFormat, ratingDimensions: readonly string[]): { features?: NamedFeature[] } {
  return tabular ? { features: columnsOf({ schema, ratingDimensions }).map(named) } : {};
}

const sum = (files: readonly CardFile[], key: 'rows' | 'bytes' | 'uncompressedBytes') =>
  files.reduce((total, file) => total + file[key], 0);

/** Several licences to choose from are a list; what the Hub does not know is `other`, with its name and where to read it. */
function licenceFields(licence: string) {
  const choices = licence.split(' OR ').map((name) => hubSpelling[name] ?? name.toLowerCase());
  const known = choices.every((name) => hubLicences.has(name) || Object.values(hubSpelling).includes(name));
  if (known) return { license: choices.length === 1 ? choices[0] : choices };
  const name = licence.toLowerCase().replaceAll(' ', '-');
  return {
    license: 'other',
    license_name: name,
    license_link: hasLicencePage(licence) ? licenceUrl(licence) : 'https://spdx.org/licenses/',
  };
}

/** Who wrote the texts and where they come from, in the words that the Hub knows. */
function origins({ sources, statistics }: CorpusSummary) {
  const writtenHere = sources.some(({ origin }) => origin === null);
  const takenOver = sources.some(({ origin }) => origin !== null);
  return {
    annotations_creators: [statistics.notReviewed < statistics.pairs ? 'crowdsourced' : 'no-annotation'],
    language_creators: [...(writtenHere ? ['crowdsourced'] : []), ...(takenOver ? ['found'] : [])],
    multilinguality: [statistics.byLanguage.length > 1 ? 'multilingual' : 'monolingual'],
    source_datasets: [...(writtenHere ? ['original'] : []), ...(takenOver ? ['extended'] : [])],
  };
}

/** A column in the words of the `datasets` library: what `Features._from_yaml_list` reads. */
type Feature = { dtype: string } | { list: string | Feature | NamedFeature[] } | { struct: NamedFeature[] };
type NamedFeature = { name: string } & Feature;
const dtypes = { string: 'string', integer: 'int64', number: 'float64', boolean: 'bool' };

const named = ({ name, type }: Column): NamedFeature => ({ name, ...feature(type) });

function feature(type: ColumnType): Feature {
  if (type.kind === 'struct') return { struct: type.fields.map(named) };
  if (type.kind !== 'list') return { dtype: dtypes[type.kind] };
  const item = feature(type.items);
  // A list of plain values or of structs is written in short.
  if ('dtype' in item) return { list: item.dtype };
  return { list: 'struct' in item ? item.struct : item };
}

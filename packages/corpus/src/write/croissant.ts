import type { SnapshotFile, Split } from '@granary/contract';
import { splits } from '@granary/contract';
import { hasLicencePage, licenceUrl } from './card/wording.ts';
import { columnsOf } from './encodings/column-types.ts';
import type { Column, ColumnType } from './encodings/column-types.ts';
import { formats } from './format-registry.ts';
import type { SnapshotFormat } from './snapshot-format.ts';

export const croissantFileName = 'croissant.json';

export type CroissantInput = {
  dataset: { slug: string; title: string; description: string; licence: string };
  snapshot: number;
  createdAt: string;
  languages: readonly string[];
  citation: string;
  /** Data files; those whose format holds rows of the registry become record sets. */
  files: readonly Omit<SnapshotFile, 'url'>[];
  ratingDimensions: readonly string[];
  /** Address of the folder with the files, and of the snapshot's page; null when the deployment does not know its own. */
  filesUrl: string | null;
  pageUrl: string | null;
};

type Json = Record<string, unknown>;

/** Of https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html, "Context": readers compare it with their own. */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileProperty: 'cr:fileProperty',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  samplingRate: 'cr:samplingRate',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
};

/** Encodings by the names that readers of Croissant know; gzip they recognise by itself. */
const encodingFormats: Record<string, string> = {
  parquet: 'application/x-parquet',
  jsonl: 'application/jsonlines',
  'jsonl.gz': 'application/jsonlines',
  csv: 'text/csv',
  'csv.gz': 'text/csv',
};
const dataTypes = { string: 'sc:Text', integer: 'sc:Integer', number: 'sc:Float', boolean: 'sc:Boolean' };
const shardName = '(?:.*/)?(train|validation|test)-[0-9]+-of-[0-9]+[.].*';

/**
 * The bytes of `croissant.json`: Croissant 1.0 as JSON-LD. Every data file is a FileObject with its SHA-256. The shards of a format
 * are a FileSet, relative to the folder that this file lies in, and a RecordSet whose rows name their split; a file that holds every
 * split is a RecordSet too, which is read from its address. Formats whose rows are trees have files but no RecordSet.
 */
export function renderCroissant(input: CroissantInput): Buffer {
  const { dataset, snapshot, createdAt, languages, citation, files, pageUrl } = input;
  const data = files.filter(({ rows, encoding }) => rows !== null && encoding !== null);
  const sets = fileSets(data);
  const metadata: Json = {
    '@context': context,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: dataset.slug,
    alternateName: dataset.title,
    description: dataset.description,
    license: hasLicencePage(dataset.licence) ? licenceUrl(dataset.licence) : dataset.licence,
    ...(pageUrl === null ? {} : { url: pageUrl }),
    // Versions of the form 3.0.0: later snapshots change the content.
    version: `${snapshot}.0.0`,
    datePublished: createdAt,
    inLanguage: languages,
    creator: { '@type': 'sc:Organization', name: `The contributors of ${dataset.title}` },
    citeAs: citation,
    keywords: ['instruction-tuning'],
    distribution: [...data.map((file) => fileObject(file, input)), ...sets.map(fileSet)],
    recordSet: [...splitRecords(sets), ...recordSets(data, sets, input)],
  };
  return Buffer.from(`${JSON.stringify(metadata, null, 2).toWellFormed()}\n`, 'utf8');
}

type DataFile = CroissantInput['files'][number];

function fileObject({ name, encoding, mediaType, bytes, sha256 }: DataFile, { filesUrl }: CroissantInput): Json {
  return {
    '@type': 'cr:FileObject',
    '@id': name,
    name,
    contentUrl: filesUrl === null ? name : `${filesUrl}/${name}`,
    contentSize: `${bytes} B`,
    encodingFormat: encodingFormats[encoding ?? ''] ?? mediaType,
    sha256,
  };
}

type Shards = { id: string; format: string; encoding: string; splits: Split[] };

/** The shards of a format in one encoding, all splits together. */
function fileSets(data: readonly DataFile[]): Shards[] {
  const shards = data.filter(({ split }) => split !== null);
  return [...Map.groupBy(shards, ({ name, encoding }) => `${name.slice(0, name.lastIndexOf('/') + 1)}*.${encoding}`)].map(
    ([id, files]) => ({
      id,
      format: files[0]?.format ?? '',
      encoding: files[0]?.encoding ?? '',
      splits: splits.filter((split) => files.some((file) => file.split === split)),
    }),
  );
}

function fileSet({ id, format, encoding }: Shards): Json {
  return {
    '@type': 'cr:FileSet',
    '@id': id,
    name: id,
    description: `The shards of ${format}.`,
    encodingFormat: encodingFormats[encoding] ?? encoding,
    includes: id,
  };
}

/** The splits that there are, as the vocabulary that rows refer to. */
function splitRecords(sets: readonly Shards[]): Json[] {
  const held = splits.filter((split) => sets.some(({ splits: ofSet }) => ofSet.includes(split)));
  if (held.length === 0) return [];
  const id = 'splits/name';
  return [
    {
      '@type': 'cr:RecordSet',
      '@id': 'splits',
      name: 'splits',
      description: 'The parts of the dataset.',
      dataType: 'cr:Split',
      key: { '@id': id },
      field: [{ '@type': 'cr:Field', '@id': id, name: 'name', dataType: 'sc:Text' }],
      data: held.map((name) => ({ [id]: name })),
    },
  ];
}

function recordSets(data: readonly DataFile[], sets: readonly Shards[], { ratingDimensions }: CroissantInput): Json[] {
  const readable = (encoding: string | null) => encoding !== null && encoding in encodingFormats;
  const tabular = (name: string) => formats.find((format) => format.name === name && format.tabular);
  const records: Json[] = [];
  for (const set of sets) {
    const format = tabular(set.format);
    if (format && readable(set.encoding))
      records.push(recordSet(set.format, format, { fileSet: { '@id': set.id } }, ratingDimensions, splitField(set, format)));
  }
  for (const { name, format: formatName, encoding, split } of data) {
    const format = tabular(formatName);
    if (split === null && format && readable(encoding))
      records.push(recordSet(`${formatName}-whole`, format, { fileObject: { '@id': name } }, ratingDimensions, []));
  }
  return records;
}

function recordSet(id: string, format: SnapshotFormat, source: Json, ratingDimensions: readonly string[], first: readonly Json[]): Json {
  const { schema, columns, title, description } = format;
  const fields = columnsOf({ schema, ratingDimensions }).map((column) => field(column, id, source, columns[column.name]));
  return { '@type': 'cr:RecordSet', '@id': id, name: id, description: `${title}: ${description}.`, field: [...first, ...fields] };
}

/** The split of a row, from the name of its file; a format that has it as a column needs no other. */
function splitField({ id, format: name }: Shards, format: SnapshotFormat): Json[] {
  if ('split' in format.schema.shape) return [];
  return [
    {
      '@type': 'cr:Field',
      '@id': `${name}/split`,
      name: 'split',
      dataType: 'sc:Text',
      source: { fileSet: { '@id': id }, extract: { fileProperty: 'fullpath' }, transform: { regex: shardName } },
      references: { field: { '@id': 'splits/name' } },
    },
  ];
}

/** A column; the parts of an object are picked out of it by their path. */
function field({ name, type }: Column, parent: string, source: Json, description?: string): Json {
  const id = `${parent}/${name}`;
  const { repeated, inner } = unlisted(type);
  const common = {
    '@type': 'cr:Field',
    '@id': id,
    name,
    ...(description === undefined ? {} : { description }),
    ...(repeated ? { repeated: true } : {}),
  };
  if (inner.kind !== 'struct') return { ...common, dataType: scalar(inner, name), source: { ...source, extract: { column: name } } };
  const subField = inner.fields.map((part) => ({
    '@type': 'cr:Field',
    '@id': `${id}/${part.name}`,
    name: part.name,
    dataType: scalar(part.type, part.name),
    source: { ...source, extract: { column: name }, transform: { jsonPath: part.name } },
  }));
  return { ...common, subField };
}

function unlisted(type: ColumnType): { repeated: boolean; inner: ColumnType } {
  return type.kind === 'list' ? { repeated: true, inner: unlisted(type.items).inner } : { repeated: false, inner: type };
}
/**
 * What lies deeper than an object in a list is told as text: readers of Croissant 1.0 go no further. Columns whose names end in `_at`
 * hold times (ISO 8601), which readers of JSON Lines turn into such on sight.
 */
function scalar(type: ColumnType, name: string): string {
  if (type.kind === 'list' || type.kind === 'struct') return 'sc:Text';
  return type.kind === 'string' && name.endsWith('_at') ? 'sc:DateTime' : dataTypes[type.kind];
}

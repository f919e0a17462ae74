import { manifestVersion, ratingDimensionSchema, textNormalisationSchema } from '@granary/contract';
import {
  attributionNames,
  cardFileName,
  citationFileName,
  citationLine,
  contentHash,
  croissantFileName,
  manifestFileName,
  renderAttributionCsv,
  renderAttributionMarkdown,
  renderCard,
  renderCitation,
  renderCroissant,
  renderManifest,
  renderPlots,
} from '@granary/corpus';
import type { AttributionInput, CardInput, ChangelogEntry } from '@granary/corpus';
import * as z from 'zod';
import type { Storage } from '../../storage/storage.ts';
import type { AttributionRepository } from './attribution-repository.ts';
import type { BuildTask, BuiltFile } from './build-repository.ts';
import type { DataFiles } from './data-files.ts';
import type { PolicyRepository } from './policy-repository.ts';

type Given = {
  task: BuildTask;
  data: DataFiles;
  eventPosition: number;
  /** Of all snapshots up to this one, newest first. */
  changelog: readonly ChangelogEntry[];
  /** Approved pairs that the selection would take and that are kept back. */
  withheld: number;
  /** Files beside the data that are stored already and that card and manifest name too: what has changed. */
  otherFiles: readonly BuiltFile[];
  attribution: AttributionRepository;
  policies: PolicyRepository;
  /** Address of the folder with the files; null when the deployment does not know its own. */
  filesUrl: string | null;
  storage: Pick<Storage, 'put'>;
  keyOf: (fileName: string) => string;
};
type Content = Buffer | AsyncIterable<Uint8Array>;
type Description = { name: string; mediaType: string; format: string; content: Content };

/**
 * Writes what tells of the data files: card, pictures, Croissant, attribution, citation and, last, the manifest, which names every file
 * but itself. Lists that can be as long as the dataset are streamed.
 */
export async function writeDescriptions(given: Given): Promise<BuiltFile[]> {
  const { task, data, eventPosition, withheld, otherFiles, storage, keyOf } = given;
  const put = async ({ name, mediaType, format, content }: Description): Promise<BuiltFile> => {
    const { bytes, sha256 } = await storage.put(keyOf(name), content);
    return { name, mediaType, format, encoding: null, split: null, bytes, sha256, rows: null, storageKey: keyOf(name) };
  };
  const policy = await given.policies.at(task.datasetId, task.createdAt);
  const policyVersion = policy?.version ?? task.dataset.policyVersion;
  const described: BuiltFile[] = [];
  for (const description of [...(await cardAndPlots(given, policy)), ...metadata(given), ...(await attribution(given))])
    described.push(await put(description));
  const { slug, title, licence } = task.dataset;
  const content = renderManifest({
    granary: manifestVersion,
    dataset: { slug, title, licence },
    snapshot: task.number,
    eventPosition,
    policy: policyVersion,
    createdAt: task.createdAt.toISOString(),
    selection: task.selection,
    counts: data.summary.counts,
    withheld,
    contentHash: contentHash(data.files),
    files: [...data.files, ...otherFiles, ...described],
  });
  return [...described, await put({ name: manifestFileName, mediaType: 'application/json; charset=utf-8', format: 'manifest', content })];
}

/** What files beside the data are, by their format. */
const otherDescriptions: Record<string, string> = {
  changes: 'What became of the rows since the snapshot before: added, edited, retracted or removed, a change per line.',
  retracted: 'Every row of an earlier snapshot that is taken back by now, with the reason.',
};

type Policy = Awaited<ReturnType<PolicyRepository['at']>>;

async function cardAndPlots(given: Given, policy: Policy): Promise<Description[]> {
  const { task, data, changelog, withheld, otherFiles, filesUrl } = given;
  const { slug, title, description, licence, isDemo, guidelines, terms, termsVersion, categories } = task.dataset;
  const plots = renderPlots(data.summary.statistics, new Map(categories.map((category) => [category.slug, category.title])));
  const dataset: CardInput['dataset'] = {
    slug,
    title,
    description,
    licence,
    isDemo,
    guidelines,
    terms,
    termsVersion,
    normalisations: z.array(textNormalisationSchema).parse(task.dataset.normalisations),
    dimensions: z.array(ratingDimensionSchema).parse(task.dataset.dimensions),
    policy: policy?.policy ?? null,
    policyVersion: policy?.version ?? task.dataset.policyVersion,
  };
  const card = renderCard({
    dataset,
    categories,
    snapshot: task.number,
    createdAt: task.createdAt.toISOString(),
    selection: task.selection,
    notes: task.notes,
    summary: data.summary,
    contributors: await given.attribution.counts(task.id),
    files: data.cardFiles,
    otherFiles: otherFiles.map(({ name, format }) => ({ name, format, description: otherDescriptions[format] ?? '' })),
    plots,
    changelog,
    withheld,
    filesUrl,
    serverUrl: serverOf(filesUrl),
  });
  return [
    { name: cardFileName, mediaType: 'text/markdown; charset=utf-8', format: 'card', content: card },
    ...plots.map(({ name, svg }) => ({
      name,
      mediaType: 'image/svg+xml; charset=utf-8',
      format: 'plot',
      content: Buffer.from(svg, 'utf8'),
    })),
  ];
}

function metadata({ task, data, filesUrl }: Given): Description[] {
  const { slug, title, description, licence } = task.dataset;
  const server = serverOf(filesUrl);
  const common = {
    dataset: { slug, title, description, licence },
    snapshot: task.number,
    createdAt: task.createdAt.toISOString(),
    filesUrl,
    pageUrl: server === null ? null : `${server}/datasets/${slug}/snapshots/${task.number}`,
  };
  const { sources, counts, ratingDimensions } = data.summary;
  const languages = counts.byLanguage.map(({ language }) => language);
  const croissant = renderCroissant({ ...common, languages, citation: citationLine(common), files: data.files, ratingDimensions });
  return [
    { name: croissantFileName, mediaType: 'application/ld+json; charset=utf-8', format: 'croissant', content: croissant },
    { name: citationFileName, mediaType: 'text/yaml; charset=utf-8', format: 'citation', content: renderCitation({ ...common, sources }) },
  ];
}

async function attribution({ task, attribution: repository }: Given): Promise<Description[]> {
  const { title, licence } = task.dataset;
  const input: AttributionInput = {
    dataset: { title, licence },
    snapshot: task.number,
    counts: await repository.counts(task.id),
    sources: () => repository.sources(task.id),
    contexts: () => repository.contexts(task.id),
    contributors: () => repository.contributors(task.id),
  };
  const { markdown, csv } = attributionNames;
  return [
    { name: markdown, mediaType: 'text/markdown; charset=utf-8', format: 'attribution', content: renderAttributionMarkdown(input) },
    { name: csv, mediaType: 'text/csv; charset=utf-8', format: 'attribution', content: renderAttributionCsv(input) },
  ];
}

/** The deployment's own address, from that of a snapshot's files. */
const serverOf = (filesUrl: string | null) => filesUrl?.split('/api/v1/')[0] ?? null;

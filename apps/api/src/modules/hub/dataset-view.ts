import type { HubDataset } from '@granary/contract';
import { hubNamespace } from '@granary/contract';
import type { CommitRow, HubDatasetRow } from './repository.ts';
import type { HubFile } from './tree.ts';

/** The name of a snapshot's commit: the first 40 digits of its manifest's SHA-256, which names the SHA-256 of every other file. */
export const commitSha = ({ manifestSha256 }: Pick<CommitRow, 'manifestSha256'>): string => manifestSha256.slice(0, 40);
export const commitTitle = ({ number }: Pick<CommitRow, 'number'>): string => `Snapshot ${number}`;

type Given = { dataset: HubDatasetRow; commit: CommitRow; cardData: Record<string, unknown>; usedStorage: number };

/** A dataset at a revision, in the Hub's words. */
export function toHubDataset({ dataset, commit, cardData, usedStorage }: Given): HubDataset {
  return {
    _id: dataset.id,
    id: `${hubNamespace}/${dataset.slug}`,
    author: hubNamespace,
    sha: commitSha(commit),
    lastModified: commit.publishedAt.toISOString(),
    createdAt: dataset.createdAt.toISOString(),
    private: false,
    gated: false,
    disabled: false,
    description: dataset.description,
    downloads: 0,
    likes: 0,
    tags: tagsOf(cardData),
    usedStorage,
    cardData,
  };
}

/** The files of a dataset's answer: names alone, or with sizes and checksums. */
export function toSiblings(files: readonly HubFile[], blobs: boolean): NonNullable<HubDataset['siblings']> {
  return files.map(({ path, size, oid, lfs }) => {
    if (!blobs) return { rfilename: path };
    const kept = lfs && { sha256: lfs.oid, size: lfs.size, pointerSize: lfs.pointerSize };
    return { rfilename: path, size, blobId: oid, ...(kept ? { lfs: kept } : {}) };
  });
}

/** Fields of the card that the Hub makes tags of, as `field:value`. */
const tagFields = [
  'task_categories',
  'task_ids',
  'annotations_creators',
  'language_creators',
  'language',
  'multilinguality',
  'license',
  'size_categories',
  'source_datasets',
];

function tagsOf(cardData: Record<string, unknown>): string[] {
  const valuesOf = (field: string) => [cardData[field] ?? []].flat().filter((value) => typeof value === 'string');
  return [...tagFields.flatMap((field) => valuesOf(field).map((value) => `${field}:${value}`)), ...valuesOf('tags')];
}

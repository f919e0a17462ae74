import type { HubCommit, HubDataset, HubEntry, HubRefs } from '@granary/contract';
import { hubNamespace, integer, slugSchema, snapshotFileNameSchema } from '@granary/contract';
import { cardFileName } from '@granary/corpus';
import * as z from 'zod';
import { ApiError } from '../../errors.ts';
import { decodeCursor, encodeCursor } from '../../http/cursors.ts';
import type { Storage } from '../../storage/storage.ts';
import type { SnapshotService } from '../snapshots/service.ts';
import { commitSha, commitTitle, toHubDataset, toSiblings } from './dataset-view.ts';
import { createFileKnowledge, liesInLfs } from './file-knowledge.ts';
import { lfsPointer } from './git-objects.ts';
import { missingOnHub } from './refusal.ts';
import type { CommitChoice, CommitRow, HubDatasetRow, HubRepository, StoredHubFile } from './repository.ts';
import { buildTree, entriesBelow } from './tree.ts';

type Deps = { repository: HubRepository; storage: Pick<Storage, 'get'>; snapshots: Pick<SnapshotService, 'file'> };
export type HubService = ReturnType<typeof createHubService>;
type Repository = { namespace: string; slug: string };
type Revision = Repository & { revision: string };
type HubPage<T> = { items: T[]; nextCursor: string | null };
type Commit = CommitRow & { dataset: HubDatasetRow };

/** With `expand`, the Hub gives smaller pages. */
const expandedMax = 50;
const offsetSchema = z.tuple([integer({ min: 0 })]);
const numberSchema = z.tuple([integer({ min: 1 })]);

/** Published snapshots as repositories of the Hugging Face Hub: for reading, for everyone. Throws ApiError with the Hub's headers. */
export function createHubService({ repository, storage, snapshots }: Deps) {
  const knowledge = createFileKnowledge(storage);

  return {
    async list(query: {
      search: string[];
      filter: string[];
      author?: string | undefined;
      sort?: string | undefined;
      full: boolean;
      limit: number;
      cursor?: string | undefined;
    }): Promise<HubPage<HubDataset>> {
      if (query.author !== undefined && query.author !== hubNamespace) return { items: [], nextCursor: null };
      const start = decodeCursor(query.cursor, offsetSchema)?.[0] ?? 0;
      const words = query.search.flatMap((text) => text.toLowerCase().split(/\s+/)).filter((word) => word !== '');
      // A deployment has few datasets, and what is asked of each is remembered.
      const rows = (await repository.datasets()).filter(({ dataset: { slug, title } }) =>
        words.every((word) => `${hubNamespace}/${slug} ${title.toLowerCase()}`.includes(word)),
      );
      const all = await Promise.all(rows.map(({ dataset, commit, files }) => describe(dataset, commit, files)));
      const found = all.filter(({ tags }) => query.filter.every((tag) => tags.includes(tag))).sort(orderOf(query.sort));
      const end = start + query.limit;
      return {
        items: found.slice(start, end).map(({ cardData, ...dataset }) => (query.full && cardData ? { ...dataset, cardData } : dataset)),
        nextCursor: end < found.length ? encodeCursor([end]) : null,
      };
    },

    async dataset(where: Revision, { blobs }: { blobs: boolean }): Promise<{ commit: string; dataset: HubDataset }> {
      const commit = await findCommit(where);
      const files = await repository.files(commit.id);
      const described = await Promise.all(files.map((file) => knowledge.describe(file)));
      const dataset = await describe(commit.dataset, commit, files);
      return { commit: commitSha(commit), dataset: { ...dataset, siblings: toSiblings(described, blobs) } };
    },

    async tree(
      where: Revision,
      path: string,
      { recursive, expand, limit, cursor }: { recursive: boolean; expand: boolean; limit: number; cursor?: string | undefined },
    ): Promise<HubPage<HubEntry> & { commit: string }> {
      const start = decodeCursor(cursor, offsetSchema)?.[0] ?? 0;
      const commit = await findCommit(where);
      const entries = entriesBelow(await treeOf(commit, expand), path.replace(/^\/+|\/+$/g, ''), recursive);
      if (entries === null) throw noEntry(commit, path);
      const end = start + Math.min(limit, expand ? expandedMax : limit);
      return {
        commit: commitSha(commit),
        items: entries.slice(start, end),
        nextCursor: end < entries.length ? encodeCursor([end]) : null,
      };
    },

    async pathsInfo(where: Revision, { paths, expand }: { paths: string[]; expand: boolean }): Promise<HubEntry[]> {
      const wanted = new Set(paths.map((path) => path.replace(/^\/+|\/+$/g, '')));
      return (await treeOf(await findCommit(where), expand)).filter(({ path }) => wanted.has(path));
    },

    async refs(where: Repository): Promise<HubRefs> {
      const newest = await findCommit({ ...where, revision: 'main' });
      const tags = (await repository.commits(newest.dataset.id)).map((commit) => ({
        name: `v${commit.number}`,
        ref: `refs/tags/v${commit.number}`,
        targetCommit: commitSha(commit),
      }));
      const main = { name: 'main', ref: 'refs/heads/main', targetCommit: commitSha(newest) };
      return { branches: [main], converts: [], tags, pullRequests: [] };
    },

    async commits(
      where: Revision,
      { limit, cursor }: { limit: number; cursor?: string | undefined },
    ): Promise<HubPage<HubCommit> & { total: number }> {
      const head = await findCommit(where);
      const from = decodeCursor(cursor, numberSchema)?.[0] ?? head.number;
      const rows = await repository.commits(head.dataset.id, { from: Math.min(from, head.number), limit: limit + 1 });
      return {
        items: rows.slice(0, limit).map((commit) => ({
          id: commitSha(commit),
          title: commitTitle(commit),
          message: commit.notes,
          authors: [{ user: hubNamespace }],
          date: commit.publishedAt.toISOString(),
        })),
        nextCursor: rows[limit] === undefined ? null : encodeCursor([rows[limit].number]),
        total: await repository.countCommits(head.dataset.id, head.number),
      };
    },

    async check(where: Repository): Promise<void> {
      await findCommit({ ...where, revision: 'main' });
    },

    /** A file of a revision and how to read it. `moving` says that the same address may mean another file tomorrow. */
    async file(where: Revision, path: string) {
      const { commit, file } = await findFile(where, path);
      const { number, manifestSha256Start } = readRevision(where.revision) ?? {};
      return { commit: commitSha(commit), file, moving: number === undefined && manifestSha256Start === undefined };
    },

    /** A file as Git would hold it: what lies in LFS is a pointer there. */
    async rawFile(where: Revision, path: string) {
      const { commit, file } = await findFile(where, path);
      return { commit: commitSha(commit), file, pointer: liesInLfs(file) ? lfsPointer(file.sha256, file.bytes) : null };
    },
  };

  async function findFile(where: Revision, path: string) {
    const commit = await findCommit(where);
    if (!snapshotFileNameSchema.safeParse(path).success) throw noEntry(commit, path);
    try {
      return { commit, file: await snapshots.file(where.slug, commit.number, path) };
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') throw noEntry(commit, path);
      throw error;
    }
  }

  async function findCommit({ namespace, slug, revision }: Revision): Promise<Commit> {
    const choice = readRevision(revision);
    // The database is not asked for what can be no name: some of it is no text there.
    const isName = namespace === hubNamespace && slugSchema.safeParse(slug).success;
    const commit = isName && choice !== null ? await repository.commit(slug, choice) : null;
    if (commit !== null) return commit;
    if (!isName || !(await repository.hasPublished(slug)))
      throw missingOnHub(
        'RepoNotFound',
        `There is no dataset ${namespace}/${slug} with a published snapshot; names here begin with ${hubNamespace}/.`,
      );
    throw missingOnHub(
      'RevisionNotFound',
      `${namespace}/${slug} has no revision ${revision}: use main, v and the number of a snapshot, or a commit.`,
    );
  }

  async function treeOf(commit: Commit, expand: boolean): Promise<HubEntry[]> {
    const files = await repository.files(commit.id);
    const tree = buildTree(await Promise.all(files.map((file) => knowledge.describe(file))));
    if (!expand) return tree;
    const lastCommit = { id: commitSha(commit), title: commitTitle(commit), date: commit.publishedAt.toISOString() };
    return tree.map((entry) => ({ ...entry, lastCommit }));
  }

  async function describe(dataset: HubDatasetRow, commit: CommitRow, files: readonly StoredHubFile[]): Promise<HubDataset> {
    const card = files.find(({ name }) => name === cardFileName);
    return toHubDataset({
      dataset,
      commit,
      cardData: card === undefined ? {} : await knowledge.cardData(card),
      usedStorage: files.reduce((total, { bytes }) => total + bytes, 0),
    });
  }
}

/** What a revision's name means; null when it can mean nothing. `HEAD` and full names of references are Git's own. */
function readRevision(revision: string): CommitChoice | null {
  if (['main', 'HEAD', 'refs/heads/main'].includes(revision)) return {};
  if (/^[0-9a-f]{40}$/i.test(revision)) return { manifestSha256Start: revision.toLowerCase() };
  const number = /^(?:(?:refs\/tags\/)?v)?([1-9]\d{0,6})$/.exec(revision)?.[1];
  return number === undefined ? null : { number: Number(number) };
}

const noEntry = (commit: Commit, path: string) =>
  missingOnHub('EntryNotFound', `There is no ${path} in snapshot ${commit.number} of ${commit.dataset.slug}.`, commitSha(commit));

/** Newest first, or by name. */
function orderOf(sort: string | undefined): (a: HubDataset, b: HubDataset) => number {
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  if (sort === 'id') return (a, b) => compare(a.id, b.id);
  const key = sort === 'createdAt' ? 'createdAt' : 'lastModified';
  return (a, b) => compare(b[key], a[key]) || compare(a.id, b.id);
}

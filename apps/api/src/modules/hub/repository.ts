import { manifestFileName } from '@granary/corpus';
import type { Database } from '@granary/db';

export type HubRepository = ReturnType<typeof createHubRepository>;
/** A published snapshot as the Hub sees it: a commit. */
export type CommitRow = { id: string; number: number; notes: string; publishedAt: Date; manifestSha256: string };
export type HubDatasetRow = { id: string; slug: string; title: string; description: string; createdAt: Date };
export type StoredHubFile = { name: string; encoding: string | null; bytes: number; sha256: string; storageKey: string };
/** Which of a dataset's published snapshots: the newest, that of a number, or that whose manifest's SHA-256 begins so. */
export type CommitChoice = { number?: number; manifestSha256Start?: string };

const manifest = { where: { name: manifestFileName }, select: { sha256: true } } as const;
const commitFields = { id: true, number: true, notes: true, createdAt: true, publishedAt: true, files: manifest } as const;
const datasetFields = { id: true, slug: true, title: true, description: true, createdAt: true } as const;
const fileFields = { name: true, encoding: true, bytes: true, sha256: true, storageKey: true } as const;

export function createHubRepository(db: Database) {
  return {
    /** Datasets with a published snapshot, each with its newest, its card and how much it holds; by slug. */
    async datasets() {
      const rows = await db.prisma.dataset.findMany({
        where: { snapshots: { some: { status: 'published' } } },
        orderBy: { slug: 'asc' },
        select: {
          ...datasetFields,
          snapshots: {
            where: { status: 'published' },
            orderBy: { number: 'desc' },
            take: 1,
            select: { ...commitFields, files: { select: fileFields } },
          },
        },
      });
      return rows.flatMap(({ snapshots, ...dataset }) =>
        snapshots.map(({ files, ...snapshot }) => ({
          dataset,
          commit: toCommit({ ...snapshot, files: files.filter(({ name }) => name === manifestFileName) }),
          files: files.map(toFile),
        })),
      );
    },
    async hasPublished(slug: string): Promise<boolean> {
      return (await db.prisma.snapshot.findFirst({ where: { status: 'published', dataset: { slug } }, select: { id: true } })) !== null;
    },
    /** The published snapshot that is meant, the newest where several are; null when there is none. */
    async commit(slug: string, { number, manifestSha256Start }: CommitChoice): Promise<(CommitRow & { dataset: HubDatasetRow }) | null> {
      const found = await db.prisma.snapshot.findFirst({
        where: {
          status: 'published',
          dataset: { slug },
          ...(number === undefined ? {} : { number }),
          ...(manifestSha256Start === undefined
            ? {}
            : { files: { some: { name: manifestFileName, sha256: { startsWith: manifestSha256Start } } } }),
        },
        orderBy: { number: 'desc' },
        select: { ...commitFields, dataset: { select: datasetFields } },
      });
      return found && { ...toCommit(found), dataset: found.dataset };
    },
    /** Published snapshots, newest first: all, or so many from a number downwards. */
    async commits(datasetId: string, { from, limit }: { from?: number; limit?: number } = {}): Promise<CommitRow[]> {
      const rows = await db.prisma.snapshot.findMany({
        where: { datasetId, status: 'published', ...(from === undefined ? {} : { number: { lte: from } }) },
        orderBy: { number: 'desc' },
        ...(limit === undefined ? {} : { take: limit }),
        select: commitFields,
      });
      return rows.map(toCommit);
    },
    async countCommits(datasetId: string, upTo: number): Promise<number> {
      return db.prisma.snapshot.count({ where: { datasetId, status: 'published', number: { lte: upTo } } });
    },
    async files(snapshotId: string): Promise<StoredHubFile[]> {
      const rows = await db.prisma.snapshotFile.findMany({ where: { snapshotId }, orderBy: { name: 'asc' }, select: fileFields });
      return rows.map(toFile);
    },
  };
}

const toFile = (row: Omit<StoredHubFile, 'bytes'> & { bytes: bigint }): StoredHubFile => ({ ...row, bytes: Number(row.bytes) });

function toCommit(row: {
  id: string;
  number: number;
  notes: string;
  createdAt: Date;
  publishedAt: Date | null;
  files: { sha256: string }[];
}): CommitRow {
  const { id, number, notes, createdAt, publishedAt, files } = row;
  return { id, number, notes, publishedAt: publishedAt ?? createdAt, manifestSha256: files[0]?.sha256 ?? '' };
}

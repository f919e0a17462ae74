import { importFormatSchema, importOptionsSchema, reviewPolicySchema, textNormalisationSchema } from '@granary/contract';
import type { Import, ImportFormat, ImportOptions, TextNormalisation } from '@granary/contract';
import { Prisma, queryRows } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import * as z from 'zod';

export type ImportRepository = ReturnType<typeof createImportRepository>;
export type ImportRow = {
  id: string;
  datasetId: string;
  dataset: { slug: string };
  createdById: string;
  status: Import['status'];
  fileName: string;
  storageKey: string;
  sha256: string;
  bytes: number;
  format: ImportFormat;
  options: ImportOptions | null;
  linesDone: number;
  bytesDone: number;
  added: number;
  duplicates: number;
  revised: number;
  normalised: number;
  bad: number;
  error: string | null;
  cancelAsked: boolean;
  /** Runs that have died since it was started. */
  deaths: number;
  createdAt: Date;
  finishedAt: Date | null;
};
export type NewImport = Pick<
  ImportRow,
  'id' | 'datasetId' | 'createdById' | 'fileName' | 'storageKey' | 'sha256' | 'bytes' | 'format' | 'createdAt'
>;

/** What the rows of an import are measured against. */
export type ImportGround = {
  id: string;
  archived: boolean;
  languages: string[];
  normalisations: TextNormalisation[];
  policy: z.infer<typeof reviewPolicySchema>;
  /** Slug → id. */
  categories: Map<string, string>;
};
export type Issue = { line: number; field: string | null; message: string; excerpt: string };

const withSlug = { dataset: { select: { slug: true } } } as const;
const issueSchema = z.object({ line: z.int(), field: z.string().nullable(), message: z.string(), excerpt: z.string() });

export function createImportRepository(db: Database) {
  return {
    /** The dataset of that slug or id as imports see it; null without one. */
    async ground(by: { slug: string } | { id: string }): Promise<ImportGround | null> {
      const row = await db.prisma.dataset.findUnique({
        where: by,
        select: {
          id: true,
          archivedAt: true,
          languages: true,
          normalisations: true,
          policy: true,
          categories: { select: { id: true, slug: true } },
        },
      });
      if (row === null) return null;
      return {
        id: row.id,
        archived: row.archivedAt !== null,
        languages: row.languages,
        normalisations: z.array(textNormalisationSchema).parse(row.normalisations),
        policy: reviewPolicySchema.parse(row.policy),
        categories: new Map(row.categories.map(({ id, slug }) => [slug, id])),
      };
    },

    async add(given: NewImport): Promise<ImportRow> {
      const row = await db.prisma.import.create({
        data: { ...given, bytes: BigInt(given.bytes), options: Prisma.JsonNull },
        include: withSlug,
      });
      return fromDatabase(row);
    },

    async byId(id: string, tx: Transaction = db.prisma): Promise<ImportRow | null> {
      const row = await tx.import.findUnique({ where: { id }, include: withSlug });
      return row === null ? null : fromDatabase(row);
    },

    /** Holds the import until the transaction ends; null without one. */
    async lock(tx: Transaction, id: string): Promise<ImportRow | null> {
      await tx.$queryRaw`SELECT 1 FROM imports WHERE id = ${id}::uuid FOR UPDATE`;
      return this.byId(id, tx);
    },

    async page(datasetId: string, before: readonly [string, string] | null, limit: number): Promise<ImportRow[]> {
      const rows = await db.prisma.import.findMany({
        where: {
          datasetId,
          ...(before === null
            ? {}
            : { OR: [{ createdAt: { lt: new Date(before[0]) } }, { createdAt: new Date(before[0]), id: { lt: before[1] } }] }),
        },
        include: withSlug,
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      });
      return rows.map(fromDatabase);
    },

    /** Puts an import into the queue; `fromTheBeginning` forgets how far it had come. */
    async enqueue(tx: Transaction, id: string, options: ImportOptions, fromTheBeginning: boolean): Promise<void> {
      const fresh = fromTheBeginning ? { linesDone: 0, bytesDone: 0n, added: 0, duplicates: 0, revised: 0, normalised: 0, bad: 0 } : {};
      if (fromTheBeginning) await tx.importIssue.deleteMany({ where: { importId: id } });
      await tx.import.update({
        where: { id },
        data: {
          status: 'queued',
          format: options.format,
          options,
          error: null,
          finishedAt: null,
          cancelAsked: false,
          deaths: 0,
          runLine: null,
          ...fresh,
        },
      });
    },

    async askToCancel(tx: Transaction, id: string): Promise<void> {
      await tx.import.update({ where: { id }, data: { cancelAsked: true } });
    },

    /**
     * Marks the import as running and reads it; null when nobody waits for it any more. A run that began, was never left and got no
     * further has died with its process, and is counted.
     */
    async begin(id: string): Promise<ImportRow | null> {
      const count = await db.prisma.$executeRaw`
        UPDATE imports SET status = 'running', deaths = deaths + CASE WHEN run_line = lines_done THEN 1 ELSE 0 END, run_line = lines_done
        WHERE id = ${id}::uuid AND status IN ('queued', 'running')`;
      return count === 0 ? null : this.byId(id);
    },

    /** Notes that a run has ended before its import, and whether it died. */
    async leave(id: string, died: boolean): Promise<Pick<ImportRow, 'deaths' | 'linesDone'>> {
      const data = { runLine: null, ...(died ? { deaths: { increment: 1 } } : {}) };
      return db.prisma.import.update({ where: { id }, data, select: { deaths: true, linesDone: true } });
    },

    /** Whether somebody still waits for a running import. */
    async isWanted(id: string): Promise<boolean> {
      return (await db.prisma.import.count({ where: { id, status: 'running', cancelAsked: false } })) > 0;
    },

    async end(tx: Transaction, id: string, status: 'done' | 'failed' | 'cancelled', error: string | null, now: Date): Promise<void> {
      await tx.import.update({ where: { id }, data: { status, error, finishedAt: now, runLine: null } });
    },

    /** Imports that somebody still has to do or to finish. */
    async unfinished(): Promise<string[]> {
      const rows = await db.prisma.import.findMany({
        where: { status: { in: ['queued', 'running'] } },
        select: { id: true },
        orderBy: { createdAt: 'asc' },
      });
      return rows.map(({ id }) => id);
    },

    /** Adds rows to the report; a line that is in it keeps its first reason. */
    async addIssues(tx: Transaction, importId: string, issues: readonly Issue[]): Promise<void> {
      if (issues.length === 0) return;
      await tx.$executeRaw`
        INSERT INTO import_issues (import_id, line, field, message, excerpt)
        SELECT ${importId}::uuid, i.line, i.field, i.message, i.excerpt
        FROM jsonb_to_recordset(${JSON.stringify(issues)}::jsonb) AS i(line int, field text, message text, excerpt text) ON CONFLICT DO NOTHING`;
    },

    async removeIssues(tx: Transaction, importId: string): Promise<void> {
      await tx.importIssue.deleteMany({ where: { importId } });
    },

    /** How far a run has come; what is not named stays. */
    async setProgress(
      tx: Transaction,
      id: string,
      progress: { bytesDone: number } & Partial<Pick<ImportRow, 'linesDone' | 'added' | 'duplicates' | 'revised' | 'normalised' | 'bad'>>,
    ): Promise<void> {
      const { bytesDone, ...rest } = progress;
      await tx.import.update({ where: { id }, data: { ...rest, bytesDone: BigInt(bytesDone) } });
    },

    /** The report in the order of the file, read in pages. */
    async *issues(importId: string, pageSize = 1_000): AsyncGenerator<Issue[]> {
      for (let after = 0; ;) {
        const page = await queryRows(
          db.prisma,
          issueSchema,
          Prisma.sql`
            SELECT line, field, message, excerpt FROM import_issues
            WHERE import_id = ${importId}::uuid AND line > ${after}::int ORDER BY line LIMIT ${pageSize}::int`,
        );
        if (page.length > 0) yield page;
        if (page.length < pageSize) return;
        after = page.at(-1)?.line ?? after;
      }
    },
  };
}

function fromDatabase<T extends { bytes: bigint; bytesDone: bigint; format: string; options: unknown }>(row: T) {
  return {
    ...row,
    bytes: Number(row.bytes),
    bytesDone: Number(row.bytesDone),
    format: importFormatSchema.parse(row.format),
    options: importOptionsSchema.nullable().parse(row.options),
  };
}

import { entryStatusSchema, flagReasonSchema, flagStatusSchema, reviewPolicySchema } from '@granary/contract';
import type { EntryStatus, FlagReason } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { appealOpen } from '../entries/appeals.ts';
import { entryColumns, entryJoins, entryRowSchema } from '../entries/entry-rows.ts';

const flagRowSchema = z.object({
  id: z.string(),
  entry_id: z.string(),
  reason: flagReasonSchema,
  note: z.string().nullable(),
  snapshot: z.int().nullable(),
  status: flagStatusSchema,
  reporter_id: z.string(),
  reporter_name: z.string(),
  resolver_id: z.string().nullable(),
  resolver_name: z.string().nullable(),
  resolution: z.string().nullable(),
  created_at: z.date(),
  resolved_at: z.date().nullable(),
});
export type FlagRow = z.infer<typeof flagRowSchema>;
const listedRowSchema = entryRowSchema.extend({ instruction: z.string().nullable(), since: z.date() });
export type ListedEntry = z.infer<typeof listedRowSchema>;
const standingRowSchema = z.object({
  id: z.string(),
  role: z.enum(['instruction', 'response']),
  status: entryStatusSchema,
  status_at: z.date(),
  author_id: z.string().nullable(),
  dataset_id: z.string(),
  category_id: z.string(),
  revision_id: z.string(),
  revision_number: z.int(),
  reviewed_with_id: z.string().nullable(),
  escalated: z.boolean(),
  /** Its author's appeal is open. */
  appealed: z.boolean(),
  policy: reviewPolicySchema,
  /** Status before the last retraction. */
  retracted_from: entryStatusSchema.nullable(),
});
export type Standing = z.infer<typeof standingRowSchema>;
type Key = readonly [string, string] | null;

const flagColumns = Prisma.sql`
  f.id::text, f.entry_id::text, f.reason, f.note, snapshot.number AS snapshot, f.status::text, f.reporter_id::text, reporter.display_name AS reporter_name, f.resolver_id::text,
  resolver.display_name AS resolver_name, f.resolution, f.created_at, f.resolved_at`;
const flagJoins = Prisma.sql`JOIN users reporter ON reporter.id = f.reporter_id LEFT JOIN users resolver ON resolver.id = f.resolver_id
  LEFT JOIN snapshots snapshot ON snapshot.id = f.snapshot_id`;
/** The text a response answers; none for an instruction. */
const instructionText = Prisma.sql`(SELECT iv.text FROM entries i JOIN revisions iv ON iv.id = i.current_revision_id WHERE i.id = e.parent_id AND e.role = 'response')`;

export type ModerationRepository = ReturnType<typeof createModerationRepository>;

export function createModerationRepository(db: Database) {
  return {
    async visible(
      client: Transaction,
      entryId: string,
    ): Promise<{ status: EntryStatus; authorId: string | null; datasetId: string; revisionId: string } | null> {
      const entry = await client.entry.findUnique({
        where: { id: entryId },
        select: { status: true, authorId: true, datasetId: true, currentRevisionId: true },
      });
      return entry === null
        ? null
        : { status: entry.status, authorId: entry.authorId, datasetId: entry.datasetId, revisionId: entry.currentRevisionId };
    },

    /** Adds a flag unless this person has an open one on the entry; null then. Call it after `lockEntries`, which settles two at once. */
    async addFlag(
      tx: Transaction,
      flag: {
        id: string;
        entryId: string;
        reporterId: string;
        reason: FlagReason;
        note: string | null;
        snapshotId: string | null;
        at: Date;
      },
    ): Promise<string | null> {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        INSERT INTO flags (id, entry_id, reporter_id, reason, note, snapshot_id, created_at)
        SELECT ${flag.id}::uuid, ${flag.entryId}::uuid, ${flag.reporterId}::uuid, ${flag.reason}, ${flag.note}, ${flag.snapshotId}::uuid, ${flag.at}
        WHERE NOT EXISTS (SELECT 1 FROM flags o WHERE o.entry_id = ${flag.entryId}::uuid AND o.reporter_id = ${flag.reporterId}::uuid AND o.status = 'open')
        RETURNING id::text`;
      return rows[0]?.id ?? null;
    },

    flagsOf: (client: Transaction, entryIds: readonly string[]) =>
      queryRows(
        client,
        flagRowSchema,
        Prisma.sql`SELECT ${flagColumns} FROM flags f ${flagJoins} WHERE f.entry_id = ANY(${[...entryIds]}::uuid[]) ORDER BY f.created_at, f.id`,
      ),

    /** Closes the open flags of an entry; gives their ids. */
    async closeFlags(
      tx: Transaction,
      entryId: string,
      to: 'upheld' | 'dismissed',
      by: { resolverId: string; reason: string; at: Date },
    ): Promise<string[]> {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        UPDATE flags SET status = ${to}::flag_status, resolver_id = ${by.resolverId}::uuid, resolution = ${by.reason}, resolved_at = ${by.at}
        WHERE entry_id = ${entryId}::uuid AND status = 'open' RETURNING id::text`;
      return rows.map(({ id }) => id);
    },

    /** Entries with flags in this status, the one flagged first at the front. */
    flagged(filter: { status: string; dataset?: string | undefined }, after: Key, take: number): Promise<ListedEntry[]> {
      const ofDataset =
        filter.dataset === undefined
          ? Prisma.empty
          : Prisma.sql`AND e.dataset_id = (SELECT id FROM datasets WHERE slug = ${filter.dataset})`;
      return queryRows(
        db.prisma,
        listedRowSchema,
        Prisma.sql`
          WITH flagged AS (
            SELECT f.entry_id, min(f.created_at) AS since FROM flags f JOIN entries e ON e.id = f.entry_id
            WHERE f.status = ${filter.status}::flag_status ${ofDataset} GROUP BY f.entry_id
          )
          SELECT ${entryColumns}, ${instructionText} AS instruction, flagged.since
          FROM flagged JOIN entries e ON e.id = flagged.entry_id ${entryJoins}
          ${after === null ? Prisma.empty : Prisma.sql`WHERE (flagged.since, e.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
          ORDER BY flagged.since, e.id LIMIT ${take}::int`,
      );
    },

    /** Entries whose reviews agree on nothing, longest waiting first. */
    escalated(dataset: string | undefined, after: Key, take: number): Promise<ListedEntry[]> {
      const where = [Prisma.sql`e.escalated_at IS NOT NULL`, Prisma.sql`e.reviewed_with_id IS NULL`];
      if (dataset !== undefined) where.push(Prisma.sql`e.dataset_id = (SELECT id FROM datasets WHERE slug = ${dataset})`);
      if (after !== null) where.push(Prisma.sql`(e.escalated_at, e.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return queryRows(
        db.prisma,
        listedRowSchema,
        Prisma.sql`
          SELECT ${entryColumns}, ${instructionText} AS instruction, e.escalated_at AS since FROM entries e ${entryJoins}
          WHERE ${Prisma.join(where, ' AND ')} ORDER BY e.escalated_at, e.id LIMIT ${take}::int`,
      );
    },

    /** Entries under appeal, longest waiting first. */
    appealed(dataset: string | undefined, after: Key, take: number) {
      const where = [Prisma.sql`a.status = 'open'`];
      if (dataset !== undefined) where.push(Prisma.sql`e.dataset_id = (SELECT id FROM datasets WHERE slug = ${dataset})`);
      if (after !== null) where.push(Prisma.sql`(a.created_at, a.entry_id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return queryRows(
        db.prisma,
        listedRowSchema.extend({ appeal_reason: z.string() }),
        Prisma.sql`
          SELECT ${entryColumns}, ${instructionText} AS instruction, a.created_at AS since, a.reason AS appeal_reason
          FROM appeals a JOIN entries e ON e.id = a.entry_id ${entryJoins}
          WHERE ${Prisma.join(where, ' AND ')} ORDER BY a.created_at, a.entry_id LIMIT ${take}::int`,
      );
    },

    listed: (client: Transaction, entryId: string) =>
      queryRows(
        client,
        listedRowSchema,
        Prisma.sql`SELECT ${entryColumns}, ${instructionText} AS instruction, e.status_at AS since FROM entries e ${entryJoins} WHERE e.id = ${entryId}::uuid`,
      ),

    /** An entry with the other part of its pair, where both were handed in together; call it after `lockEntries`. */
    standing: (tx: Transaction, entryId: string) =>
      queryRows(
        tx,
        standingRowSchema,
        Prisma.sql`
          SELECT e.id::text, e.role::text, e.status::text, e.status_at, e.author_id::text, e.dataset_id::text, e.category_id::text, e.current_revision_id::text AS revision_id, e.revision_number,
            e.reviewed_with_id::text, e.escalated_at IS NOT NULL AS escalated, ${appealOpen} AS appealed, d.policy,
            (SELECT h.payload->>'from' FROM events h WHERE h.entry_id = e.id AND h.kind = 'entry_retracted' ORDER BY h.position DESC LIMIT 1) AS retracted_from
          FROM entries e JOIN datasets d ON d.id = e.dataset_id
          WHERE e.id = ${entryId}::uuid OR e.reviewed_with_id = ${entryId}::uuid OR e.id = (SELECT reviewed_with_id FROM entries WHERE id = ${entryId}::uuid)`,
      ),
  };
}

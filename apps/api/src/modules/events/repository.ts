import { entryStatusSchema, eventKindSchema, type EventKind, type EventRecord } from '@granary/contract';
import { Prisma, queryRows, type Database } from '@granary/db';
import * as z from 'zod';

const rowSchema = z.object({
  position: z.bigint().transform(Number),
  at: z.date(),
  kind: eventKindSchema,
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
  dataset_slug: z.string().nullable(),
  entry_id: z.string().nullable(),
  entry_status: entryStatusSchema.nullable(),
  reviewed_with_id: z.string().nullable(),
  revision_id: z.string().nullable(),
  user_id: z.string().nullable(),
  user_name: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
});

export type EventFilters = { entry?: string; user?: string; dataset?: string; kind?: EventKind; from?: string; to?: string };
export type EventRepository = ReturnType<typeof createEventRepository>;

export function createEventRepository(db: Database) {
  return {
    /** Newest first, below the position given. */
    async list(filters: EventFilters, below: number | null, take: number): Promise<EventRecord[]> {
      const rows = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`
          WITH found AS (${found(filters, below, take)})
          SELECT e.position, e.at, e.kind, a.id::text AS actor_id, a.display_name AS actor_name, d.slug AS dataset_slug,
            e.entry_id::text, n.status::text AS entry_status, n.reviewed_with_id::text, e.revision_id::text, u.id::text AS user_id, u.display_name AS user_name, e.payload
          FROM (SELECT * FROM found ORDER BY position DESC LIMIT ${take}::int) e
          LEFT JOIN users a ON a.id = e.actor_id
          LEFT JOIN users u ON u.id = e.user_id
          LEFT JOIN datasets d ON d.id = e.dataset_id
          LEFT JOIN entries n ON n.id = e.entry_id
          ORDER BY e.position DESC`,
      );
      return rows.map((row) => ({
        position: row.position,
        at: row.at.toISOString(),
        kind: row.kind,
        actor: person(row.actor_id, row.actor_name),
        datasetSlug: row.dataset_slug,
        entryId: row.entry_id,
        entryStatus: row.entry_status,
        reviewedWithId: row.reviewed_with_id,
        revisionId: row.revision_id,
        user: person(row.user_id, row.user_name),
        payload: row.payload,
      }));
    },
  };
}

/** A user is asked for as subject and as actor: two index scans whose newest rows are merged, where an OR would sort everything. */
function found({ entry, user, dataset, kind, from, to }: EventFilters, below: number | null, take: number): Prisma.Sql {
  const where = [Prisma.sql`true`];
  if (entry) where.push(Prisma.sql`entry_id = ${entry}::uuid`);
  if (dataset) where.push(Prisma.sql`dataset_id = (SELECT id FROM datasets WHERE slug = ${dataset})`);
  if (kind) where.push(Prisma.sql`kind = ${kind}`);
  if (from) where.push(since(Prisma.sql`${from}::date AT TIME ZONE 'UTC'`));
  if (to) where.push(until(Prisma.sql`(${to}::date + 1) AT TIME ZONE 'UTC'`));
  if (below !== null) where.push(Prisma.sql`position < ${below}::bigint`);
  const newest = (more: Prisma.Sql) =>
    Prisma.sql`(SELECT * FROM events WHERE ${Prisma.join([...where, more], ' AND ')} ORDER BY position DESC LIMIT ${take}::int)`;
  if (user === undefined) return newest(Prisma.sql`true`);
  return Prisma.sql`${newest(Prisma.sql`user_id = ${user}::uuid`)} UNION ALL ${newest(Prisma.sql`actor_id = ${user}::uuid AND user_id IS DISTINCT FROM ${user}::uuid`)}`;
}

/**
 * Positions follow the time, but for requests that were under way together: any event further than this outside of the days bounds the positions
 * that have to be looked at. Without one there is nothing to leave out.
 */
const slack = Prisma.sql`interval '1 hour'`;
const since = (time: Prisma.Sql) => Prisma.sql`at >= ${time}
  AND position > coalesce((SELECT b.position FROM events b WHERE b.at < ${time} - ${slack} ORDER BY b.at DESC LIMIT 1), 0)`;
const until = (time: Prisma.Sql) => Prisma.sql`at < ${time}
  AND position < coalesce((SELECT b.position FROM events b WHERE b.at >= ${time} + ${slack} ORDER BY b.at LIMIT 1), 9223372036854775807)`;

function person(id: string | null, displayName: string | null) {
  return id === null || displayName === null ? null : { id, displayName };
}

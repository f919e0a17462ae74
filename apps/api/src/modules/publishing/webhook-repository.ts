import { changeCountsSchema, webhookEvents } from '@granary/contract';
import type { ChangeCounts, WebhookEvent } from '@granary/contract';
import { Prisma, queryRows } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import * as z from 'zod';

export type WebhookRepository = ReturnType<typeof createWebhookRepository>;
export type DeliveryRow = ReturnType<typeof toDelivery>;
export type WebhookRow = { id: string; datasetId: string; url: string; secret: string; active: boolean; createdAt: Date };
export type NewDelivery = { id: string; webhookId: string; event: WebhookEvent; snapshotId: string | null; body: string; createdAt: Date };
/** A published snapshot that its webhooks were not told of yet. */
export type Unannounced = {
  id: string;
  number: number;
  datasetId: string;
  dataset: { slug: string };
  notes: string;
  pairs: number;
  contentHash: string;
  publishedAt: Date;
};
/** A delivery that this process alone may attempt until `lease`. */
export type ClaimedDelivery = { id: string; webhookId: string; url: string; secret: string; body: string; tries: number; lease: Date };
export type Attempt = {
  status: 'pending' | 'delivered' | 'failed';
  httpStatus: number | null;
  error: string | null;
  nextAttemptAt: Date | null;
};
export type Changes = ChangeCounts & { since: number };

const eventSchema = z.enum(webhookEvents);
const withNumber = { snapshot: { select: { number: true } } } as const;
const newest = [{ createdAt: 'desc' }, { id: 'desc' }] as const satisfies Prisma.WebhookDeliveryOrderByWithRelationInput[];
const claimedSchema = z.object({
  id: z.string(),
  webhook_id: z.string(),
  url: z.string(),
  secret: z.string(),
  body: z.string(),
  tries: z.int(),
});
/** Per statement: a short lock each. */
const sweepBatch = 1_000;

export function createWebhookRepository(db: Pick<Database, 'prisma'>) {
  return {
    async datasetId(slug: string): Promise<string | null> {
      return (await db.prisma.dataset.findUnique({ where: { slug }, select: { id: true } }))?.id ?? null;
    },
    async list(datasetId: string): Promise<(WebhookRow & { lastDelivery: DeliveryRow | null })[]> {
      const rows = await db.prisma.webhook.findMany({
        where: { datasetId },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        include: { deliveries: { orderBy: [...newest], take: 1, include: withNumber } },
      });
      return rows.map(({ deliveries: [last], ...row }) => ({ ...row, lastDelivery: last ? toDelivery(last) : null }));
    },
    async byId(slug: string, id: string): Promise<WebhookRow | null> {
      return db.prisma.webhook.findFirst({ where: { id, dataset: { slug } } });
    },
    /** False when the dataset has `atMost` already; its row is held until the transaction ends. */
    async add(tx: Transaction, webhook: WebhookRow & { createdById: string }, atMost: number): Promise<boolean> {
      await tx.$queryRaw`SELECT 1 FROM datasets WHERE id = ${webhook.datasetId}::uuid FOR UPDATE`;
      if ((await tx.webhook.count({ where: { datasetId: webhook.datasetId } })) >= atMost) return false;
      await tx.webhook.create({ data: webhook });
      return true;
    },
    /** False when it is gone. What waits to be sent to one that is to rest is over. */
    async setActive(tx: Transaction, id: string, active: boolean): Promise<boolean> {
      const { count } = await tx.webhook.updateMany({ where: { id }, data: { active } });
      if (!active)
        await tx.webhookDelivery.updateMany({
          where: { webhookId: id, status: 'pending' },
          data: { status: 'failed', nextAttemptAt: null, error: 'The webhook was paused.' },
        });
      return count === 1;
    },
    async remove(tx: Transaction, id: string): Promise<boolean> {
      return (await tx.webhook.deleteMany({ where: { id } })).count === 1;
    },

    async deliveries(webhookId: string, before: { at: Date; id: string } | null, limit: number): Promise<DeliveryRow[]> {
      const older = before && { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] };
      const rows = await db.prisma.webhookDelivery.findMany({
        where: { webhookId, ...older },
        orderBy: [...newest],
        take: limit,
        include: withNumber,
      });
      return rows.map(toDelivery);
    },
    async delivery(slug: string, id: string): Promise<DeliveryRow | null> {
      const row = await db.prisma.webhookDelivery.findFirst({ where: { id, webhook: { dataset: { slug } } }, include: withNumber });
      return row && toDelivery(row);
    },
    /** To be sent at once. One of the same snapshot to the same webhook is there already, or is added once. */
    async addDeliveries(tx: Transaction, deliveries: readonly NewDelivery[]): Promise<void> {
      const data = deliveries.map((delivery) => ({ ...delivery, nextAttemptAt: delivery.createdAt }));
      await tx.webhookDelivery.createMany({ data, skipDuplicates: true });
    },
    /** Begins a new round of attempts, at once. */
    async again(tx: Transaction, id: string, now: Date): Promise<void> {
      await tx.webhookDelivery.update({ where: { id }, data: { status: 'pending', tries: 0, nextAttemptAt: now } });
    },
    /** Deliveries whose time has come, the longest waiting first. */
    async due(now: Date, limit: number): Promise<string[]> {
      const rows = await db.prisma.webhookDelivery.findMany({
        where: { status: 'pending', nextAttemptAt: { lte: now } },
        orderBy: { nextAttemptAt: 'asc' },
        take: limit,
        select: { id: true },
      });
      return rows.map(({ id }) => id);
    },
    /** Takes a delivery whose time has come, counting the attempt; null when another process has it, or it is over. */
    async claim(id: string, now: Date, lease: Date): Promise<ClaimedDelivery | null> {
      const [row] = await queryRows(
        db.prisma,
        claimedSchema,
        Prisma.sql`
          UPDATE webhook_deliveries d SET attempts = d.attempts + 1, tries = d.tries + 1, last_attempt_at = ${now}::timestamptz, next_attempt_at = ${lease}::timestamptz
          FROM webhooks w
          WHERE d.id = ${id}::uuid AND w.id = d.webhook_id AND d.status = 'pending' AND d.next_attempt_at <= ${now}::timestamptz
          RETURNING d.id::text, d.webhook_id::text, w.url, w.secret, d.body, d.tries`,
      );
      if (row === undefined) return null;
      const { webhook_id: webhookId, ...rest } = row;
      return { ...rest, webhookId, lease };
    },
    /** Writes down how an attempt went; nothing when the delivery was begun anew, or taken over, in the meantime. */
    async record(tx: Transaction, { id, lease }: ClaimedDelivery, attempt: Attempt): Promise<void> {
      await tx.webhookDelivery.updateMany({ where: { id, status: 'pending', nextAttemptAt: lease }, data: attempt });
    },
    /** Removes deliveries that ended before a time; resolves to how many. */
    async sweep(before: Date): Promise<number> {
      let removed = 0;
      for (let rows = sweepBatch; rows === sweepBatch; removed += rows)
        rows = await db.prisma.$executeRaw`DELETE FROM webhook_deliveries WHERE id IN (
          SELECT id FROM webhook_deliveries WHERE status <> 'pending' AND created_at < ${before}::timestamptz LIMIT ${sweepBatch} FOR UPDATE SKIP LOCKED)`;
      return removed;
    },

    /** Published snapshots that were not announced, in the order of their publication. */
    async unannounced(): Promise<Unannounced[]> {
      const rows = await db.prisma.snapshot.findMany({
        where: { status: 'published', announcedAt: null },
        orderBy: { publishedAt: 'asc' },
        include: { dataset: { select: { slug: true } } },
      });
      return rows.map((row) => {
        const { pairs } = z.object({ pairs: z.int() }).parse(row.counts);
        return { ...row, pairs, contentHash: row.contentHash ?? '', publishedAt: row.publishedAt ?? row.createdAt };
      });
    },
    /** Holds a snapshot until the transaction ends. False when another process announces it, or has. */
    async lockUnannounced(tx: Transaction, id: string): Promise<boolean> {
      const locked = await queryRows(
        tx,
        z.object({ id: z.string() }),
        Prisma.sql`SELECT id::text FROM snapshots WHERE id = ${id}::uuid AND announced_at IS NULL FOR UPDATE SKIP LOCKED`,
      );
      return locked.length === 1;
    },
    async markAnnounced(tx: Transaction, id: string, now: Date): Promise<void> {
      await tx.snapshot.update({ where: { id }, data: { announcedAt: now } });
    },
    async activeOf(tx: Transaction, datasetId: string): Promise<string[]> {
      return (await tx.webhook.findMany({ where: { datasetId, active: true }, select: { id: true } })).map(({ id }) => id);
    },
    /** What changed since the published snapshot before; null for a first one. Counted when it was pinned. */
    async changes({ id, datasetId, number }: Pick<Unannounced, 'id' | 'datasetId' | 'number'>): Promise<Changes | null> {
      const before = await db.prisma.snapshot.findFirst({
        where: { datasetId, status: 'published', number: { lt: number } },
        orderBy: { number: 'desc' },
        select: { id: true, number: true },
      });
      if (before === null) return null;
      const counts = await db.prisma.snapshotChangeCount.findUnique({
        where: { snapshotId_since: { snapshotId: id, since: before.number } },
      });
      return counts && { ...changeCountsSchema.parse(counts), since: before.number };
    },
  };
}

function toDelivery(row: Prisma.WebhookDeliveryGetPayload<{ include: typeof withNumber }>) {
  const { id, webhookId, status, attempts, httpStatus, error, createdAt, lastAttemptAt, nextAttemptAt, snapshot } = row;
  return {
    id,
    webhookId,
    status,
    attempts,
    httpStatus,
    error,
    createdAt,
    lastAttemptAt,
    nextAttemptAt,
    event: eventSchema.parse(row.event),
    snapshot: snapshot?.number ?? null,
  };
}

import type { Delivery, Page, Webhook, WebhookBody } from '@granary/contract';
import { inTransaction } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import { v7 as newId } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Actor } from '../../plugins/auth.ts';
import { appendEvents } from '../events/log.ts';
import { deliverWebhookJob } from './delivery-job.ts';
import { refuseUrl } from './public-address.ts';
import { seal } from './sealed-secret.ts';
import { newWebhookSecret } from './signature.ts';
import type { DeliveryRow, WebhookRepository, WebhookRow } from './webhook-repository.ts';

type Deps = {
  db: Pick<Database, 'prisma'>;
  webhooks: WebhookRepository;
  jobs: Pick<Jobs, 'send'>;
  clock: () => Date;
  /** What the secrets of webhooks are encrypted with. */
  deploymentSecret: () => Promise<string>;
  /** Hosts that may be private and unencrypted. */
  trusted: readonly string[];
  /** Ports that other hosts may be called on. */
  ports: readonly number[];
};
type Remember<T> = (tx: Transaction, body: T) => Promise<void>;
export type WebhookService = ReturnType<typeof createWebhookService>;

/** Each is one more request per snapshot, and one more line on the page. */
const webhooksAtMost = 20;

/** Who is told of new snapshots, and what they were told. Throws ApiError. */
export function createWebhookService({ db, webhooks, jobs, clock, deploymentSecret, trusted, ports }: Deps) {
  return {
    async list(slug: string): Promise<{ items: Webhook[] }> {
      const rows = await webhooks.list(await datasetId(slug));
      return { items: rows.map((row) => toWebhook(row, row.lastDelivery)) };
    },

    /** Throws `not_found`, `validation_failed`. */
    async add(slug: string, url: string, actor: Actor): Promise<{ webhook: Webhook; secret: string }> {
      const refused = refuseUrl(url, trusted, ports);
      if (refused !== null) throw invalid(refused);
      const [id, secret, now] = [newId(), newWebhookSecret(), clock()];
      const row = { id, datasetId: await datasetId(slug), url, active: true, createdAt: now };
      const sealed = seal(secret, await deploymentSecret(), id);
      await inTransaction(db, async (tx) => {
        if (!(await webhooks.add(tx, { ...row, secret: sealed, createdById: actor.id }, webhooksAtMost)))
          throw invalid(`A dataset has ${webhooksAtMost} webhooks at most; remove one first.`);
        await log(tx, 'webhook_added', actor, row, {});
      });
      return { webhook: toWebhook(row, null), secret };
    },

    /** Throws `not_found`. */
    async setActive(slug: string, id: string, active: boolean, actor: Actor, remember: Remember<Webhook>): Promise<Webhook> {
      const row = await find(slug, id);
      const [last] = await webhooks.deliveries(id, null, 1);
      const changed = toWebhook({ ...row, active }, last ?? null);
      await inTransaction(db, async (tx) => {
        if (!(await webhooks.setActive(tx, id, active))) throw missing(slug, id);
        if (row.active !== active) await log(tx, 'webhook_changed', actor, row, { active });
        await remember(tx, changed);
      });
      return changed;
    },

    /** Throws `not_found`. */
    async remove(slug: string, id: string, actor: Actor, remember: Remember<undefined>): Promise<void> {
      const row = await find(slug, id);
      await inTransaction(db, async (tx) => {
        if (!(await webhooks.remove(tx, id))) throw missing(slug, id);
        await log(tx, 'webhook_removed', actor, row, {});
        await remember(tx, undefined);
      });
    },

    /** Sends a ping; throws `not_found`. */
    async test(slug: string, id: string, remember: Remember<Delivery>): Promise<Delivery> {
      await find(slug, id);
      const now = clock();
      const body: WebhookBody = { type: 'ping', timestamp: now.toISOString(), data: { dataset: slug } };
      const delivery = { id: newId(), webhookId: id, event: body.type, snapshotId: null, body: JSON.stringify(body), createdAt: now };
      const told: Delivery = {
        id: delivery.id,
        event: body.type,
        snapshot: null,
        status: 'pending' as const,
        attempts: 0,
        httpStatus: null,
        error: null,
        createdAt: now.toISOString(),
        lastAttemptAt: null,
        nextAttemptAt: now.toISOString(),
      };
      await inTransaction(db, async (tx) => {
        await webhooks.addDeliveries(tx, [delivery]);
        await remember(tx, told);
      });
      await send(delivery.id);
      return told;
    },

    /** Throws `not_found`, `cursor_invalid`. */
    async deliveries(slug: string, id: string, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<Page<Delivery>> {
      await find(slug, id);
      const before = decodeCursor(cursor, timeAndIdSchema);
      const rows = await webhooks.deliveries(id, before && { at: new Date(before[0]), id: before[1] }, limit + 1);
      return toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id], toDelivery);
    },

    /** Throws `not_found`. */
    async redeliver(slug: string, id: string, remember: Remember<Delivery>): Promise<Delivery> {
      const found = await webhooks.delivery(slug, id);
      if (found === null) throw notFound(`webhook delivery ${id} of ${slug}`);
      const now = clock();
      const again = toDelivery({ ...found, status: 'pending', nextAttemptAt: now });
      await inTransaction(db, async (tx) => {
        await webhooks.again(tx, id, now);
        await remember(tx, again);
      });
      await send(id);
      return again;
    },
  };

  async function send(deliveryId: string): Promise<void> {
    await jobs.send(deliverWebhookJob, { deliveryId }, { key: deliveryId });
  }

  async function datasetId(slug: string): Promise<string> {
    return (await webhooks.datasetId(slug)) ?? Promise.reject(notFound(`dataset ${slug}`));
  }

  async function find(slug: string, id: string): Promise<WebhookRow> {
    return (await webhooks.byId(slug, id)) ?? Promise.reject(missing(slug, id));
  }

  async function log(
    tx: Transaction,
    kind: 'webhook_added' | 'webhook_changed' | 'webhook_removed',
    actor: Actor,
    webhook: Pick<WebhookRow, 'id' | 'datasetId' | 'url'>,
    more: Record<string, unknown>,
  ): Promise<void> {
    // The host says who is told; a path or a query may hold what only admins should know.
    const payload = { webhookId: webhook.id, host: new URL(webhook.url).host, ...more };
    await appendEvents(tx, [{ kind, actorId: actor.id, datasetId: webhook.datasetId, payload }], clock());
  }
}

const missing = (slug: string, id: string) => notFound(`webhook ${id} of ${slug}`);
const invalid = (message: string) => new ApiError('validation_failed', message, { errors: [{ path: 'url', message }] });

function toWebhook({ id, url, active, createdAt }: Omit<WebhookRow, 'secret'>, last: DeliveryRow | null): Webhook {
  return { id, url, active, createdAt: createdAt.toISOString(), lastDelivery: last && toDelivery(last) };
}

function toDelivery({ createdAt, lastAttemptAt, nextAttemptAt, ...row }: DeliveryRow): Delivery {
  const iso = (time: Date | null) => time?.toISOString() ?? null;
  return { ...row, createdAt: createdAt.toISOString(), lastAttemptAt: iso(lastAttemptAt), nextAttemptAt: iso(nextAttemptAt) };
}

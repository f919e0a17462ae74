import type { WebhookBody } from '@granary/contract';
import { inTransaction } from '@granary/db';
import type { Database } from '@granary/db';
import { nextDeliveryAttempt } from '@granary/domain';
import { v7 as newId } from 'uuid';
import type { JobContext, Jobs } from '../../jobs/jobs.ts';
import { snapshotFilePath, snapshotPath } from '../snapshots/service.ts';
import { deliverWebhookJob } from './delivery-job.ts';
import type { PostMessage, PostResult } from './post-message.ts';
import { SealBrokenError, unseal } from './sealed-secret.ts';
import { signedHeaders } from './signature.ts';
import type { Attempt, Changes, ClaimedDelivery, Unannounced, WebhookRepository } from './webhook-repository.ts';

type Deps = {
  db: Pick<Database, 'prisma'>;
  webhooks: WebhookRepository;
  jobs: Pick<Jobs, 'send'>;
  clock: () => Date;
  deploymentSecret: () => Promise<string>;
  post: PostMessage;
  publicUrl: string | undefined;
};

/** An attempt whose process died is made again after so long; longer than any request may take. */
const leaseMs = 2 * 60_000;
const dueAtMost = 500;
const keepMs = 90 * 24 * 60 * 60_000;

/**
 * Tells webhooks of new snapshots. A published snapshot without `announced_at` is the mark that they have yet to be told: publishing sets
 * nothing, so nothing can be lost between publishing and telling. Any number of processes may work on it.
 */
export function createAnnouncer({ db, webhooks, jobs, clock, deploymentSecret, post, publicUrl }: Deps) {
  return {
    /** Gives every snapshot that was published since its deliveries, and sends off what is due. */
    async announce(): Promise<void> {
      // One that cannot be announced must not keep the others, and what is due, from their turn.
      const failures: unknown[] = [];
      for (const snapshot of await webhooks.unannounced()) await announceOne(snapshot).catch((error: unknown) => failures.push(error));
      for (const deliveryId of await webhooks.due(clock(), dueAtMost))
        await jobs.send(deliverWebhookJob, { deliveryId }, { key: deliveryId });
      if (failures.length > 0) throw new AggregateError(failures, 'Some snapshots could not be announced');
    },

    /** The job: one attempt. Nothing happens when the delivery is over, or another process is at it. */
    async deliver(deliveryId: string, { signal, onFinalFailure }: Pick<JobContext, 'signal' | 'onFinalFailure'>): Promise<void> {
      const now = clock();
      const claimed = await webhooks.claim(deliveryId, now, new Date(now.getTime() + leaseMs));
      if (claimed === null) return;
      const result = await attempt(claimed, now, signal);
      // The process is going down: what came of it is not known, and it is tried again soon.
      if (signal.aborted && result.error !== null)
        return webhooks.record(db.prisma, claimed, { status: 'pending', nextAttemptAt: now, ...result });
      const judged = judge(result, claimed.tries, now);
      await inTransaction(db, async (tx) => {
        await webhooks.record(tx, claimed, judged);
        if (result.httpStatus === 410) await webhooks.setActive(tx, claimed.webhookId, false);
      });
      if (judged.status === 'failed') onFinalFailure?.(new Error(judged.error ?? 'The webhook does not take messages'));
    },

    /** Removes what was sent long ago. */
    sweep: () => webhooks.sweep(new Date(clock().getTime() - keepMs)),
  };

  async function announceOne(snapshot: Unannounced): Promise<void> {
    const changes = await webhooks.changes(snapshot);
    const now = clock();
    const body = JSON.stringify(bodyOf(snapshot, changes, publicUrl ?? ''));
    await inTransaction(db, async (tx) => {
      if (!(await webhooks.lockUnannounced(tx, snapshot.id))) return;
      const targets = await webhooks.activeOf(tx, snapshot.datasetId);
      await webhooks.addDeliveries(
        tx,
        targets.map((webhookId) => ({
          id: newId(),
          webhookId,
          event: 'snapshot.published' as const,
          snapshotId: snapshot.id,
          body,
          createdAt: now,
        })),
      );
      await webhooks.markAnnounced(tx, snapshot.id, now);
    });
  }

  async function attempt({ id, webhookId, url, secret, body }: ClaimedDelivery, now: Date, signal: AbortSignal): Promise<PostResult> {
    try {
      const opened = unseal(secret, await deploymentSecret(), webhookId);
      return await post({ url, body, headers: signedHeaders(opened, { id, body, now }) }, signal);
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      return { httpStatus: null, error: 'The secret cannot be opened: SESSION_SECRET has changed. Remove the webhook and add it again.' };
    }
  }
}

function judge({ httpStatus, error }: PostResult, tries: number, now: Date): Attempt {
  if (error === null) return { status: 'delivered', httpStatus, error, nextAttemptAt: null };
  const nextAttemptAt = httpStatus === 410 ? null : nextDeliveryAttempt(tries, now);
  return { status: nextAttemptAt === null ? 'failed' : 'pending', httpStatus, error, nextAttemptAt };
}

function bodyOf(snapshot: Unannounced, changes: Changes | null, origin: string): WebhookBody {
  const { number, pairs, contentHash, notes, publishedAt } = snapshot;
  const { slug } = snapshot.dataset;
  return {
    type: 'snapshot.published',
    timestamp: publishedAt.toISOString(),
    data: {
      dataset: slug,
      snapshot: number,
      publishedAt: publishedAt.toISOString(),
      pairs,
      contentHash,
      notes,
      changes,
      page: `${origin}/datasets/${slug}/snapshots/${number}`,
      url: origin + snapshotPath(slug, number),
      manifest: origin + snapshotFilePath(slug, number, 'manifest.json'),
    },
  };
}

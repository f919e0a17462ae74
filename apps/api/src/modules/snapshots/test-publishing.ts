import { snapshotSchema } from '@granary/contract';
import type { Snapshot } from '@granary/contract';
import type { Database } from '@granary/db';
import { inTransaction } from '@granary/db';
import { defaultAdaptivePolicy } from '@granary/domain';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestUser } from '../../testing.ts';
import { waitFor } from '../../testing-wait.ts';
import { refreshPairs } from '../entries/projections.ts';
import { addSampleDataset, sampleSlug } from './sample-pairs.ts';

const base = `/api/v1/datasets/${sampleSlug}/snapshots`;

/** The application with the sample dataset, where snapshots can be published and texts changed; for tests. */
export async function createTestPublishing() {
  const t = await createTestApp();
  const admin = await t.signIn('admin');
  const services = createServices(t.deps);
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, services);
  await addSampleDataset(t.db);
  await t.db.prisma.dataset.updateMany({ data: { policy: defaultAdaptivePolicy } });
  return {
    ...t,
    services,
    admin,
    /** Resolves when it is published; throws when it is not. */
    async publish(selection: object = {}): Promise<Snapshot> {
      const { number } = snapshotSchema.parse((await admin.send('POST', base, { selection })).body);
      return publishedSnapshot(admin, number);
    },
  };
}

const hasEnded = ({ status }: Snapshot) => status !== 'queued' && status !== 'building';

/** The snapshot of the sample dataset when its build has ended, one way or another. */
export function endedSnapshot(reader: Pick<TestUser, 'send'>, number: number): Promise<Snapshot> {
  const look = async () => snapshotSchema.parse((await reader.send('GET', `${base}/${number}`)).body);
  return waitFor(`the end of the build of snapshot ${number}`, { look, isDone: hasEnded });
}

/** All snapshots of the sample dataset, the newest 100 at most, when none is being built any more. */
export function endedSnapshots(reader: Pick<TestUser, 'send'>): Promise<Snapshot[]> {
  const look = async () => snapshotSchema.array().parse((await reader.send<{ items: unknown[] }>('GET', `${base}?limit=100`)).body.items);
  return waitFor('the end of all builds', { look, isDone: (all) => all.every(hasEnded) });
}

/** The snapshot of the sample dataset when it is published; throws when it never will be. */
export async function publishedSnapshot(reader: Pick<TestUser, 'send'>, number: number): Promise<Snapshot> {
  const snapshot = await endedSnapshot(reader, number);
  if (snapshot.status !== 'published') throw new Error(snapshot.error ?? snapshot.status);
  return snapshot;
}

/** Gives an approved entry another text that is approved too. */
export async function editEntry(db: Database, id: string, text: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.$executeRaw`
      WITH added AS (
        INSERT INTO revisions (id, entry_id, number, text, context, context_url, context_licence, ai_assistance, created_at)
        SELECT gen_random_uuid(), e.id, e.revision_number + 1, ${text}, v.context, v.context_url, v.context_licence, v.ai_assistance, now()
        FROM entries e JOIN revisions v ON v.id = e.current_revision_id WHERE e.id = ${id}::uuid RETURNING id, entry_id, number
      )
      UPDATE entries e SET current_revision_id = added.id, revision_number = added.number FROM added WHERE e.id = added.entry_id`;
    await refreshPairs(tx, [id]);
  });
}

/** Puts an entry into another status, without the log. */
export async function setStatus(db: Database, id: string, status: 'in_review' | 'approved' | 'rejected', at: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.$executeRaw`UPDATE entries SET status = ${status}::entry_status, status_at = ${at}::timestamptz WHERE id = ${id}::uuid`;
    await refreshPairs(tx, [id]);
  });
}

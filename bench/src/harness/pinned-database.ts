import { createBuildRepository, createSplitAssigner } from '@granary/api/measured';
import { selectionSchema } from '@granary/contract';
import { inTransaction, openDatabase } from '@granary/db';
import { onDatabase, query } from './postgres.ts';
import { say } from './report.ts';
import { prepareTemplate } from './template.ts';

/** Of the generated pairs so many of a thousand are approved (see `generateSql`). */
const approvedOfThousand = 855;

/**
 * A database with one snapshot of exactly `pairs` pinned pairs, made by the statements that a build uses. It is kept for the next
 * run, and nothing that is measured changes it. Gives its address and the snapshot's id.
 */
export async function openPinnedDatabase(server: string, pairs: number, fresh: boolean): Promise<{ url: string; snapshotId: string }> {
  const entries = 2 * (Math.ceil((pairs * 100) / approvedOfThousand) * 10 + 100);
  const template = await prepareTemplate(server, entries, fresh);
  const name = `${template}_pinned`;
  const url = onDatabase(server, name);
  const existing = await query(server, 'SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (existing.length > 0 && !fresh) {
    const [found] = await query<{ id: string }>(url, `SELECT id FROM snapshots WHERE stage = 'writing'`);
    if (found) return { url, snapshotId: found.id };
  }
  await query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await query(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const began = performance.now();
  const snapshotId = await pin(url, pairs);
  say(`Pinned ${pairs.toLocaleString('en')} pairs in ${((performance.now() - began) / 1000).toFixed(0)} s.`);
  return { url, snapshotId };
}

async function pin(url: string, pairs: number): Promise<string> {
  const db = await openDatabase({ url, poolSize: 2 });
  try {
    const [dataset, user] = await Promise.all([db.prisma.dataset.findFirstOrThrow(), db.prisma.user.findFirstOrThrow()]);
    const selection = selectionSchema.parse({});
    const { id } = await db.prisma.snapshot.create({
      data: { datasetId: dataset.id, number: 1, selection, createdById: user.id, status: 'building' },
    });
    const repository = createBuildRepository(db);
    const timeoutMs = 60 * 60 * 1000;
    await createSplitAssigner({ db }).assign(
      { datasetId: dataset.id, selection },
      { signal: new AbortController().signal, onBatch: async () => {} },
    );
    const pinned = await inTransaction(db, (tx) => repository.pin(tx, { id, datasetId: dataset.id, number: 1, selection }), { timeoutMs });
    if (pinned < pairs) throw new Error(`Only ${pinned} pairs were generated`);
    await db.executeSql(
      'DELETE FROM snapshot_pairs WHERE response_id IN (SELECT response_id FROM snapshot_pairs ORDER BY conversation_id DESC LIMIT $1)',
      [pinned - pairs],
    );
    await db.executeSql('VACUUM (ANALYZE) snapshot_pairs');
    return id;
  } finally {
    await db.close();
  }
}

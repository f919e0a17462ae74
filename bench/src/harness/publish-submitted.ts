import { datasetSlug } from './population.ts';
import { query } from './postgres.ts';

/** What reviewers and a build would do with what has been submitted since `began`, as statements: approves it, and publishes a snapshot of all pairs as number 1. */
export async function publishSubmitted(databaseUrl: string, began: Date): Promise<void> {
  await query(databaseUrl, `UPDATE entries SET status = 'approved', status_at = now() WHERE created_at >= $1 AND status = 'in_review'`, [
    began,
  ]);
  await query(
    databaseUrl,
    `INSERT INTO pairs (response_id, instruction_id, dataset_id, category_id, language, author_id, approved_at, words)
     SELECT r.id, i.id, r.dataset_id, r.category_id, r.language, r.author_id, r.status_at, iv.words || rv.words
     FROM entries r JOIN entries i ON i.id = r.parent_id JOIN revisions rv ON rv.id = r.current_revision_id JOIN revisions iv ON iv.id = i.current_revision_id
     WHERE r.created_at >= $1 AND r.role = 'response'`,
    [began],
  );
  const [snapshot] = await query<{ id: string }>(
    databaseUrl,
    `INSERT INTO snapshots (id, dataset_id, number, status, selection, created_by_id, rows_total, stage, published_at)
     SELECT gen_random_uuid(), d.id, 1, 'published', '{}', (SELECT id FROM users LIMIT 1), (SELECT count(*) FROM pairs), 'done', now()
     FROM datasets d WHERE d.slug = $1 RETURNING id::text`,
    [datasetSlug],
  );
  await query(
    databaseUrl,
    `INSERT INTO snapshot_pairs (snapshot_id, response_id, response_revision_id, instruction_revision_id, category, language, ai_assistance, terms_version,
       reviews, approvals, rating, ratings, checks, approved_at, conversation_id, turn, split)
     SELECT $1::uuid, r.id, r.current_revision_id, i.current_revision_id, c.slug, r.language, 'none', 1, 2, 2, p.rating, p.ratings, '{}', p.approved_at, r.root_id, 1, 'train'
     FROM pairs p JOIN entries r ON r.id = p.response_id JOIN entries i ON i.id = p.instruction_id JOIN categories c ON c.id = p.category_id`,
    [snapshot?.id],
  );
  await query(databaseUrl, 'VACUUM (ANALYZE) snapshot_pairs');
}

import { entryRoleSchema, entryStatusSchema, reviewPolicySchema, textNormalisationSchema } from '@granary/contract';
import { Prisma, queryPrepared, violatedUniqueConstraint, type Database } from '@granary/db';
import * as z from 'zod';
import { submissionSql, type Submission } from './submission-sql.ts';

const groundSchema = z.object({
  dataset_id: z.string(),
  archived: z.boolean(),
  licence: z.string(),
  languages: z.array(z.string()),
  normalisations: z.array(textNormalisationSchema),
  policy: reviewPolicySchema,
  terms_version: z.int(),
  terms_accepted: z.boolean(),
  category_id: z.string().nullable(),
  requires_context: z.boolean().nullable(),
  parent: z
    .object({
      id: z.string(),
      role: entryRoleSchema,
      status: entryStatusSchema,
      author_id: z.string().nullable(),
      category_id: z.string(),
      category: z.string(),
      root_id: z.string(),
      depth: z.int(),
      text: z.string(),
      context: z.string().nullable(),
    })
    .nullable(),
});
/** All that a submission is decided on. */
export type Ground = z.infer<typeof groundSchema>;
export type SubmissionRepository = ReturnType<typeof createSubmissionRepository>;

export function createSubmissionRepository(db: Database) {
  return {
    /** The dataset, the category asked for, the parent, and whether the user accepted the terms as they are now; null without such a dataset. */
    async ground(slug: string, userId: string, category: string | null, parentId: string | null): Promise<Ground | null> {
      const [row] = await queryPrepared(
        db,
        groundSchema,
        Prisma.sql`
          SELECT d.id::text AS dataset_id, d.archived_at IS NOT NULL AS archived, d.licence, d.languages, d.normalisations, d.policy, d.terms_version,
            t.user_id IS NOT NULL AS terms_accepted, c.id::text AS category_id, c.requires_context,
            CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('id', p.id, 'role', p.role, 'status', p.status, 'author_id', p.author_id, 'category_id', p.category_id,
              'category', pc.slug, 'root_id', p.root_id, 'depth', p.depth, 'text', pv.text, 'context', pv.context) END AS parent
          FROM datasets d
          LEFT JOIN terms_acceptances t ON t.user_id = ${userId}::uuid AND t.dataset_id = d.id AND t.terms_version = d.terms_version
          LEFT JOIN categories c ON c.dataset_id = d.id AND c.slug = ${category}
          LEFT JOIN entries p ON p.id = ${parentId}::uuid AND p.dataset_id = d.id
          LEFT JOIN categories pc ON pc.id = p.category_id
          LEFT JOIN revisions pv ON pv.id = p.current_revision_id
          WHERE d.slug = ${slug}`,
      );
      return row ?? null;
    },

    /** Writes a submission whole or not at all; false when another request with the same Idempotency-Key was faster. */
    async submit(submission: Submission): Promise<boolean> {
      try {
        await db.executePrepared(submissionSql, [JSON.stringify(submission)]);
        return true;
      } catch (error) {
        if (violatedUniqueConstraint(error) === 'idempotency_keys_pkey') return false;
        throw error;
      }
    },
  };
}

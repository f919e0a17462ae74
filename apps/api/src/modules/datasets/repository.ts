import { exampleSchema, ratingDimensionSchema, reviewPolicySchema, textNormalisationSchema } from '@granary/contract';
import type { CategoryExample, Dataset, DatasetSummary } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';

export type DatasetRepository = ReturnType<typeof createDatasetRepository>;
export type NewDataset = Pick<
  Dataset,
  'slug' | 'title' | 'description' | 'licence' | 'guidelines' | 'terms' | 'languages' | 'normalisations' | 'dimensions' | 'policy'
> & { id: string; createdAt: Date; isDemo: boolean };
export type NewCategory = {
  slug: string;
  title: string;
  guideline: string;
  goodExample: CategoryExample | null;
  badExample: CategoryExample | null;
  requiresContext: boolean;
  targetCount: number;
};
export type DatasetChange = Partial<Omit<NewDataset, 'id' | 'slug' | 'createdAt' | 'isDemo'>> & { archived?: boolean };

const summaryFields = {
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  languages: z.array(z.string()),
  isDemo: z.boolean(),
  archived: z.boolean(),
  approved: z.int(),
  inReview: z.int(),
  contributors: z.int(),
  target: z.int(),
  latestSnapshot: z.int().nullable(),
};
const summaryRowSchema = z.object(summaryFields);
const datasetRowSchema = z.object({
  ...summaryFields,
  id: z.string(),
  guidelines: z.string(),
  normalisations: z.array(textNormalisationSchema),
  terms: z.string(),
  termsVersion: z.int(),
  dimensions: z.array(ratingDimensionSchema),
  policy: reviewPolicySchema,
  version: z.int(),
  createdAt: z.date(),
});
const categoryRowSchema = z.object({
  slug: z.string(),
  title: z.string(),
  guideline: z.string(),
  goodExample: exampleSchema.nullable(),
  badExample: exampleSchema.nullable(),
  requiresContext: z.boolean(),
  targetCount: z.int(),
  approved: z.int(),
  inReview: z.int(),
  openInstructions: z.int(),
});
const acceptanceSchema = z.object({ termsVersion: z.int(), licence: z.string(), acceptedAt: z.date() });

/** Sums over the slots of `category_counts`: a few hundred small rows, whatever the size of the dataset. */
const summaryColumns = Prisma.sql`
  d.slug, d.title, d.description, d.licence, d.languages, d.is_demo AS "isDemo", d.archived_at IS NOT NULL AS archived,
  n.approved, n.in_review AS "inReview", n.target,
  (SELECT count(*)::int FROM dataset_contributors dc WHERE dc.dataset_id = d.id) AS contributors,
  (SELECT max(s.number) FROM snapshots s WHERE s.dataset_id = d.id AND s.status = 'published') AS "latestSnapshot"`;
const summarySource = Prisma.sql`
  datasets d CROSS JOIN LATERAL (
    SELECT coalesce(sum(k.approved), 0)::int AS approved, coalesce(sum(k.in_review), 0)::int AS in_review, coalesce(sum(c.target_count), 0)::int AS target
    FROM categories c
    LEFT JOIN LATERAL (SELECT sum(approved) AS approved, sum(in_review) AS in_review FROM category_counts WHERE category_id = c.id) k ON true
    WHERE c.dataset_id = d.id
  ) n`;

export function createDatasetRepository(db: Database) {
  return {
    /** All datasets; archived ones last, otherwise oldest first. */
    list(): Promise<DatasetSummary[]> {
      return queryRows(
        db.prisma,
        summaryRowSchema,
        Prisma.sql`SELECT ${summaryColumns} FROM ${summarySource} ORDER BY d.archived_at IS NOT NULL, d.is_demo, d.created_at, d.id`,
      );
    },

    async bySlug(slug: string, tx: Transaction = db.prisma): Promise<(Dataset & { id: string }) | null> {
      const [row] = await queryRows(
        tx,
        datasetRowSchema,
        Prisma.sql`
          SELECT ${summaryColumns}, d.id::text, d.guidelines, d.normalisations, d.terms, d.terms_version AS "termsVersion", d.dimensions, d.policy, d.version, d.created_at AS "createdAt"
          FROM ${summarySource} WHERE d.slug = ${slug}`,
      );
      if (row === undefined) return null;
      return { ...row, createdAt: row.createdAt.toISOString(), categories: await categoriesOf(tx, row.id) };
    },

    /** Pairs approved in each week from `from` on, by category. */
    approvedByWeek(datasetId: string, from: Date): Promise<{ category: string; week: string; approved: number }[]> {
      return queryRows(
        db.prisma,
        z.object({ category: z.string(), week: z.string(), approved: z.int() }),
        Prisma.sql`
          SELECT c.slug AS category, n.week, n.approved FROM (
            SELECT p.category_id, to_char(date_trunc('week', p.approved_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD') AS week, count(*)::int AS approved
            FROM pairs p WHERE p.dataset_id = ${datasetId}::uuid AND p.approved_at >= ${from.toISOString()}::timestamptz GROUP BY 1, 2
          ) n JOIN categories c ON c.id = n.category_id`,
      );
    },

    async create(tx: Transaction, dataset: NewDataset): Promise<void> {
      await tx.dataset.create({ data: dataset });
    },

    /** Keeps the policy that is in force as a version of its own; nothing happens when it is kept already. */
    async keepPolicy(tx: Transaction, id: string, actorId: string | null, now: Date): Promise<void> {
      await tx.$executeRaw`
        INSERT INTO policy_versions (dataset_id, version, policy, created_by_id, created_at)
        SELECT id, policy_version, policy, ${actorId}::uuid, ${now} FROM datasets WHERE id = ${id}::uuid ON CONFLICT DO NOTHING`;
    },

    /** Appends categories after those that are there. */
    async addCategories(tx: Transaction, datasetId: string, categories: readonly NewCategory[]): Promise<void> {
      const last = await tx.category.aggregate({ where: { datasetId }, _max: { position: true } });
      const first = (last._max.position ?? 0) + 1;
      await tx.category.createMany({
        data: categories.map((category, index) => ({
          ...category,
          datasetId,
          position: first + index,
          goodExample: category.goodExample ?? Prisma.DbNull,
          badExample: category.badExample ?? Prisma.DbNull,
        })),
      });
    },

    async updateCategory(tx: Transaction, datasetId: string, slug: string, change: Partial<Omit<NewCategory, 'slug'>>): Promise<boolean> {
      const { goodExample, badExample, ...plain } = change;
      const { count } = await tx.category.updateMany({
        where: { datasetId, slug },
        data: {
          ...plain,
          ...(goodExample === undefined ? {} : { goodExample: goodExample ?? Prisma.DbNull }),
          ...(badExample === undefined ? {} : { badExample: badExample ?? Prisma.DbNull }),
        },
      });
      return count === 1;
    },

    /**
     * Writes a change that builds on a version; false when that version is gone. Other terms or another licence raise the
     * version of the terms in the same statement, another policy that of the policy.
     */
    async update(tx: Transaction, id: string, version: number, change: DatasetChange, now: Date): Promise<boolean> {
      const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
      const rows = await tx.$executeRaw`
        UPDATE datasets SET
          title = coalesce(${change.title ?? null}, title),
          description = coalesce(${change.description ?? null}, description),
          guidelines = coalesce(${change.guidelines ?? null}, guidelines),
          licence = coalesce(${change.licence ?? null}, licence),
          terms = coalesce(${change.terms ?? null}, terms),
          terms_version = terms_version
            + (coalesce(${change.terms ?? null}, terms) <> terms OR coalesce(${change.licence ?? null}, licence) <> licence)::int,
          languages = coalesce(${change.languages ?? null}::text[], languages),
          normalisations = coalesce(${change.normalisations ?? null}::text[], normalisations),
          dimensions = coalesce(${json(change.dimensions)}::jsonb, dimensions),
          policy = coalesce(${json(change.policy)}::jsonb, policy),
          policy_version = policy_version + (coalesce(${json(change.policy)}::jsonb, policy) <> policy)::int,
          archived_at = CASE ${change.archived ?? null}::boolean WHEN true THEN coalesce(archived_at, ${now.toISOString()}::timestamptz) WHEN false THEN NULL ELSE archived_at END,
          version = version + 1
        WHERE id = ${id}::uuid AND version = ${version}::int`;
      return rows === 1;
    },

    /** Counts the dataset's version up after a change of its categories. */
    async touch(tx: Transaction, id: string): Promise<void> {
      await tx.dataset.update({ where: { id }, data: { version: { increment: 1 } } });
    },

    /** Records the acceptance of the version that is current; null when it is another one by now. Accepting twice keeps the first. */
    async acceptTerms(slug: string, userId: string, termsVersion: number, now: Date) {
      const [row] = await queryRows(
        db.prisma,
        acceptanceSchema,
        Prisma.sql`
          INSERT INTO terms_acceptances (user_id, dataset_id, terms_version, licence, accepted_at)
          SELECT ${userId}::uuid, d.id, d.terms_version, d.licence, ${now.toISOString()}::timestamptz FROM datasets d
          WHERE d.slug = ${slug} AND d.terms_version = ${termsVersion}::int
          ON CONFLICT (user_id, dataset_id, terms_version) DO UPDATE SET licence = terms_acceptances.licence
          RETURNING terms_version AS "termsVersion", licence, accepted_at AS "acceptedAt"`,
      );
      return row === undefined ? null : { ...row, acceptedAt: row.acceptedAt.toISOString() };
    },
  };
}

function categoriesOf(tx: Transaction, datasetId: string): Promise<z.infer<typeof categoryRowSchema>[]> {
  return queryRows(
    tx,
    categoryRowSchema,
    Prisma.sql`
      SELECT c.slug, c.title, c.guideline, c.good_example AS "goodExample", c.bad_example AS "badExample", c.requires_context AS "requiresContext", c.target_count AS "targetCount",
        coalesce(k.approved, 0)::int AS approved, coalesce(k.in_review, 0)::int AS "inReview", coalesce(k.open_instructions, 0)::int AS "openInstructions"
      FROM categories c
      LEFT JOIN LATERAL (
        SELECT sum(approved) AS approved, sum(in_review) AS in_review, sum(open_instructions) AS open_instructions FROM category_counts WHERE category_id = c.id
      ) k ON true
      WHERE c.dataset_id = ${datasetId}::uuid ORDER BY c.position, c.slug`,
  );
}

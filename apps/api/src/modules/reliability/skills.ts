import { roles, verdictSchema, verdicts } from '@granary/contract';
import { Prisma, queryRows, type Transaction } from '@granary/db';
import {
  forgetting,
  isProven,
  lessonCounts,
  ordinaryEvidence,
  type LearnedOpinion,
  type Opinion,
  type VerdictCounts,
} from '@granary/domain';
import * as z from 'zod';

const opinionRowSchema = z.object({
  reviewer_id: z.string(),
  verdict: verdictSchema,
  evidence: z.array(z.number()),
  proven: z.boolean(),
});
const standingRowSchema = z.object({ role: z.enum(roles), qualified: z.boolean(), known_verdicts: z.int() });
const lessonRowSchema = z.object({ reviewer_id: z.string(), verdict: verdictSchema, learned: z.array(z.number()) });

/** The verdicts that count on a revision, with what each weighed when it was given: after an appeal, those that came since. */
export const opinionsOn = (tx: Transaction, revisionId: string): Promise<Opinion[]> =>
  readOpinions(tx, revisionId, Prisma.sql`(v.appealed_at IS NULL OR w.created_at > v.appealed_at)`);

/** The verdicts that an appeal was made against. */
export const opinionsAppealedOn = (tx: Transaction, revisionId: string): Promise<Opinion[]> =>
  readOpinions(tx, revisionId, Prisma.sql`w.created_at <= v.appealed_at`);

async function readOpinions(tx: Transaction, revisionId: string, condition: Prisma.Sql): Promise<Opinion[]> {
  const rows = await queryRows(
    tx,
    opinionRowSchema,
    Prisma.sql`
      SELECT w.reviewer_id::text, w.verdict::text, w.evidence, w.proven FROM reviews w JOIN revisions v ON v.id = w.revision_id
      WHERE w.revision_id = ${revisionId}::uuid AND ${condition} ORDER BY w.created_at, w.id`,
  );
  return rows.map(({ reviewer_id: reviewerId, verdict, evidence, proven }) => ({
    reviewerId,
    verdict,
    proven,
    evidence: evidence.length === verdicts.length ? evidence : ordinaryEvidence(verdict),
  }));
}

/** What is known of a reviewer in a dataset, as a whole and in a category; nothing of somebody new. */
export async function countsOf(
  tx: Transaction,
  { datasetId, categoryId, reviewerId: userId }: { datasetId: string; categoryId: string; reviewerId: string },
): Promise<{ counts: VerdictCounts; inCategory: VerdictCounts }> {
  const whole = await tx.reviewerSkill.findUnique({ where: { datasetId_userId: { datasetId, userId } } });
  const part = await tx.reviewerCategorySkill.findUnique({ where: { userId_categoryId: { userId, categoryId } } });
  return { counts: whole?.counts ?? [], inCategory: part?.counts ?? [] };
}

/** Whether somebody is proven in a dataset at this moment. */
export async function isProvenIn(tx: Transaction, datasetId: string, userId: string): Promise<boolean> {
  const [row] = await queryRows(
    tx,
    standingRowSchema,
    Prisma.sql`
      SELECT u.role::text, EXISTS (SELECT 1 FROM qualifications q WHERE q.dataset_id = ${datasetId}::uuid AND q.user_id = u.id AND q.passed_at IS NOT NULL) AS qualified,
        coalesce((SELECT s.reviews FROM reviewer_skills s WHERE s.dataset_id = ${datasetId}::uuid AND s.user_id = u.id), 0) AS known_verdicts
      FROM users u WHERE u.id = ${userId}::uuid`,
  );
  return row !== undefined && isProven({ role: row.role, qualified: row.qualified, knownVerdicts: row.known_verdicts });
}

/**
 * Adds to what is known of reviewers what a decision on a revision tells, and notes it on their reviews, so that `unlearn`
 * takes exactly that back.
 */
export async function learn(
  tx: Transaction,
  { datasetId, revisionId, lessons, now }: { datasetId: string; revisionId: string; lessons: readonly LearnedOpinion[]; now: Date },
): Promise<void> {
  if (lessons.length === 0) return;
  await tx.$executeRaw`
    UPDATE reviews w SET learned = ARRAY(SELECT x::float8 FROM jsonb_array_elements_text(l.truth) WITH ORDINALITY AS t(x, n) ORDER BY n)
    FROM jsonb_to_recordset(${JSON.stringify(lessons)}::jsonb) AS l("reviewerId" uuid, truth jsonb)
    WHERE w.revision_id = ${revisionId}::uuid AND w.reviewer_id = l."reviewerId"`;
  await noteLesson(tx, { datasetId, revisionId, lessons, now });
}

/** Takes back what was learned from the reviews of a revision, which is open again. */
export async function unlearn(
  tx: Transaction,
  { datasetId, revisionId, now }: { datasetId: string; revisionId: string; now: Date },
): Promise<void> {
  const rows = await queryRows(
    tx,
    lessonRowSchema,
    Prisma.sql`
      WITH before AS (SELECT id, learned FROM reviews WHERE revision_id = ${revisionId}::uuid AND cardinality(learned) > 0 FOR UPDATE)
      UPDATE reviews w SET learned = '{}' FROM before b WHERE w.id = b.id RETURNING w.reviewer_id::text, w.verdict::text, b.learned`,
  );
  const lessons = rows.map(({ reviewer_id: reviewerId, verdict, learned }) => ({ reviewerId, verdict, truth: learned }));
  await forgetLesson(tx, { datasetId, revisionId, lessons, now });
}

/** Adds to what is known what is noted elsewhere: on a review before an estimate that had not read it, on a calibration item's answer. */
export async function noteLesson(
  tx: Transaction,
  { datasetId, revisionId, lessons, now }: { datasetId: string; revisionId: string; lessons: readonly LearnedOpinion[]; now: Date },
): Promise<void> {
  await addToSkills(tx, datasetId, lessons, 'learn', now);
  await addToCategorySkills(tx, revisionId, lessons, 'learn');
}

/** Takes back what `noteLesson` added. */
export async function forgetLesson(
  tx: Transaction,
  { datasetId, revisionId, lessons, now }: { datasetId: string; revisionId: string; lessons: readonly LearnedOpinion[]; now: Date },
): Promise<void> {
  await addToSkills(tx, datasetId, lessons, 'unlearn', now);
  await addToCategorySkills(tx, revisionId, lessons, 'unlearn');
}

type Direction = 'learn' | 'unlearn';

/** `withVerdict` and `withoutVerdict` of the domain, in SQL: what `had` becomes with, or without, the lesson `x`. */
const changed = (direction: Direction) =>
  Prisma.raw(
    direction === 'learn' ? `coalesce(had, 0) * ${forgetting} + x::float8` : `greatest(0, (coalesce(had, 0) - x::float8) / ${forgetting})`,
  );

/** The counts of somebody new after their first lesson `l`. */
const firstCounts = (step: 1 | -1) =>
  Prisma.sql`ARRAY(SELECT greatest(0, ${step}::int * x::float8) FROM jsonb_array_elements_text(l.more) WITH ORDINALITY AS t(x, n) ORDER BY n)`;

/** What the counts of a table's conflicting row become with the lesson that its user has in `json`. */
const nextCounts = (table: 'reviewer_skills' | 'reviewer_category_skills', json: string, direction: Direction) => Prisma.sql`ARRAY(
  SELECT ${changed(direction)}
  FROM jsonb_array_elements_text((SELECT l.more FROM jsonb_to_recordset(${json}::jsonb) AS l("reviewerId" uuid, more jsonb)
    WHERE l."reviewerId" = excluded.user_id)) WITH ORDINALITY AS t(x, n)
  LEFT JOIN unnest(${Prisma.raw(table)}.counts) WITH ORDINALITY AS h(had, n) USING (n) ORDER BY n)`;

/** Adds to what is known of people, each named once, in one statement and one order, so that decisions made at the same time neither lose one another nor lock each other out. */
async function addToSkills(
  tx: Transaction,
  datasetId: string,
  lessons: readonly LearnedOpinion[],
  direction: Direction,
  now: Date,
): Promise<void> {
  if (lessons.length === 0) return;
  const step = direction === 'learn' ? 1 : -1;
  const json = JSON.stringify(lessons.map(({ reviewerId, verdict, truth }) => ({ reviewerId, more: lessonCounts(truth, verdict) })));
  await tx.$executeRaw`
    INSERT INTO reviewer_skills (dataset_id, user_id, counts, reviews, updated_at)
    SELECT ${datasetId}::uuid, l."reviewerId",
      ${firstCounts(step)},
      greatest(0, ${step}::int), ${now}
    FROM jsonb_to_recordset(${json}::jsonb) AS l("reviewerId" uuid, more jsonb) ORDER BY l."reviewerId"
    ON CONFLICT (dataset_id, user_id) DO UPDATE SET
      counts = ${nextCounts('reviewer_skills', json, direction)},
      reviews = greatest(0, reviewer_skills.reviews + ${step}::int),
      updated_at = excluded.updated_at`;
}

/** The same for the category that a revision's entry is in, with how probable it is that each was right. */
async function addToCategorySkills(
  tx: Transaction,
  revisionId: string,
  lessons: readonly LearnedOpinion[],
  direction: Direction,
): Promise<void> {
  if (lessons.length === 0) return;
  const step = direction === 'learn' ? 1 : -1;
  const rows = lessons.map(({ reviewerId, verdict, truth }) => ({
    reviewerId,
    met: truth[verdicts.indexOf(verdict)] ?? 0,
    more: lessonCounts(truth, verdict),
  }));
  const json = JSON.stringify(rows);
  await tx.$executeRaw`
    INSERT INTO reviewer_category_skills (category_id, user_id, met, reviews, counts)
    SELECT e.category_id, l."reviewerId", greatest(0, ${step}::int * l.met), greatest(0, ${step}::int),
      ${firstCounts(step)}
    FROM jsonb_to_recordset(${json}::jsonb) AS l("reviewerId" uuid, met float8, more jsonb)
    JOIN revisions v ON v.id = ${revisionId}::uuid JOIN entries e ON e.id = v.entry_id ORDER BY l."reviewerId"
    ON CONFLICT (user_id, category_id) DO UPDATE SET
      met = greatest(0, reviewer_category_skills.met + ${step}::int * (SELECT l.met FROM jsonb_to_recordset(${json}::jsonb)
        AS l("reviewerId" uuid, met float8) WHERE l."reviewerId" = excluded.user_id)),
      counts = ${nextCounts('reviewer_category_skills', json, direction)},
      reviews = greatest(0, reviewer_category_skills.reviews + ${step}::int)`;
}

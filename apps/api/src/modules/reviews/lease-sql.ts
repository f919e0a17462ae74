import { qualificationNeeds, tasksHeldAtMost } from '@granary/contract';
import {
  activeReviewerDays,
  assignmentWeights as w,
  assignmentWindow,
  mostSkips,
  strangersAuthors,
  strangersWindow,
} from '@granary/domain';

/** `isProven` of the domain, in SQL. */
const provenIn = (user: string, dataset: string): string => `
    EXISTS (SELECT 1 FROM users somebody WHERE somebody.id = ${user} AND (somebody.role IN ('moderator', 'admin')
      OR EXISTS (SELECT 1 FROM reviewer_skills k WHERE k.dataset_id = ${dataset} AND k.user_id = somebody.id AND k.reviews >= ${qualificationNeeds.provenReviews})
      OR EXISTS (SELECT 1 FROM qualifications q WHERE q.dataset_id = ${dataset} AND q.user_id = somebody.id AND q.passed_at IS NOT NULL)) OFFSET 0)`;

/**
 * What keeps a reviewer from a seat `c`, whoever asks and however long it has waited: it is their own, or answers an
 * instruction which they have answered too, or they have reviewed or skipped that revision already, or it is kept for people who are proven. OFFSET 0 keeps the planner from turning the
 * exclusions into joins over the whole queue. `user` is an SQL expression.
 */
export const eligible = (user: string): string => `
    ${user} <> ALL(c.author_ids)
    AND (NOT c.proven_only OR ${provenIn(user, 'c.dataset_id')})
    AND NOT EXISTS (SELECT 1 FROM reviews w WHERE w.revision_id = c.revision_id AND w.reviewer_id = ${user} OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM review_skips s WHERE s.revision_id = c.revision_id AND s.user_id = ${user} OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM entries e JOIN entries s ON s.parent_id = e.parent_id AND s.role = 'response'
      WHERE e.id = c.entry_id AND e.role = 'response' AND s.author_id = ${user} OFFSET 0)`;

/** Hours of waiting that a seat `c` of the window is worth to the reviewer `$2`; see `assignmentWeights` of the domain. */
const hours = `
  extract(epoch FROM $5::timestamptz - c.due_at) / 3600
  + ${w.skill} * (coalesce(k.met, 0) + ${w.skillPrior * w.usualSkill}) / (coalesce(k.reviews, 0) + ${w.skillPrior})
  + CASE WHEN EXISTS (SELECT 1 FROM reviews b WHERE b.entry_id = c.entry_id AND b.reviewer_id = $2::uuid) THEN ${w.reviewedBefore} ELSE 0 END
  - ${w.sameCategory} * (SELECT count(*) FROM recent WHERE recent.category_id = c.category_id)
  - ${w.sameAuthor} * (SELECT count(*) FROM recent WHERE recent.author_id = ANY(c.author_ids))
  - ${w.passedOnCategory} * (SELECT count(*) FROM passed WHERE passed.reason IN ('not_my_field', 'uncomfortable') AND passed.category_id = c.category_id)
  - ${w.passedOnLanguage} * (SELECT count(*) FROM passed WHERE passed.reason = 'language' AND passed.language = c.language)
  + ${w.jitter} * (hashtextextended(c.id::text || $2::text, 0) & 1023) / 1024.0`;

/** Seats `c` of the dataset `$1` that the reviewer `$2` may take at this moment, in the languages that are theirs. */
const takeable = `
    c.dataset_id = $1::uuid AND c.closed_at IS NULL
    AND (c.lease_expires_at IS NULL OR c.lease_expires_at <= $5::timestamptz)
    AND ((SELECT languages FROM me) IS NULL OR c.language = ANY((SELECT languages FROM me)::text[]))
    AND ${eligible('$2::uuid')}
    AND NOT EXISTS (SELECT 1 FROM review_tasks o WHERE o.revision_id = c.revision_id AND o.id <> c.id AND o.closed_at IS NULL
      AND o.leased_by_id = $2::uuid AND o.lease_expires_at > $5::timestamptz OFFSET 0)`;

/**
 * Leases one review seat of a dataset, in one statement; texts, so that the benchmark can run the same words.
 * `$1` dataset, `$2` reviewer, `$3` category or null, `$4` languages or null (then those of the reviewer's profile), `$5` now, `$6` end of
 * the lease, `$7` seats that the page has already.
 *
 * A seat that the reviewer holds already comes first, so that a reload gives the same task; not so those named by `$7`. Otherwise the seats at the
 * head of the queue which the reviewer may take are weighed for them, and the one that is worth most is locked; a row that somebody else is leasing at this
 * moment is passed over, not waited for. Where a floor holds, people who are not proven get a random seat from a longer head instead. They cannot narrow the queue to a category
 * in which texts of too few people wait, unless nothing else in their languages is waiting. Nobody holds more seats than a page does. One row comes back in any case: without an id when there was nothing, `seen` telling how many seats were weighed; when
 * there were some, others were quicker and it is worth asking again.
 *
 * `closed_at` (null in all of them) leads the order so that the queue's index gives it without a sort: with 100,000 seats open
 * the first that fit are found at once, instead of after reading them all.
 */
export const leaseSql = `
WITH me AS MATERIALIZED (
  SELECT coalesce($4::text[], CASE WHEN cardinality(u.languages) > 0 THEN u.languages END) AS languages,
    (SELECT d.policy->>'floor' = 'proven_pair' FROM datasets d WHERE d.id = $1::uuid) IS TRUE AND NOT ${provenIn('u.id', '$1::uuid')} AS strange,
    (SELECT count(*) FROM review_tasks t WHERE t.leased_by_id = u.id AND t.closed_at IS NULL AND t.lease_expires_at > $5::timestamptz) AS held
  FROM users u WHERE u.id = $2::uuid
), own AS MATERIALIZED (
  SELECT t.id FROM review_tasks t CROSS JOIN me
  WHERE t.leased_by_id = $2::uuid AND t.closed_at IS NULL AND t.dataset_id = $1::uuid AND t.lease_expires_at > $5::timestamptz
    AND t.id <> ALL($7::uuid[])
    AND ($3::uuid IS NULL OR t.category_id = $3::uuid) AND (me.languages IS NULL OR t.language = ANY(me.languages))
  ORDER BY t.due_at, t.id LIMIT 1
), head AS MATERIALIZED (
  SELECT c.id, c.entry_id, c.revision_id, c.category_id, c.language, c.author_ids, c.due_at FROM review_tasks c
  WHERE NOT EXISTS (SELECT 1 FROM own) AND (SELECT held FROM me) <= ${tasksHeldAtMost} AND ($3::uuid IS NULL OR c.category_id = $3::uuid) AND ${takeable}
  ORDER BY c.closed_at, c.due_at, c.id LIMIT (SELECT CASE WHEN strange THEN ${strangersWindow} ELSE ${assignmentWindow} END FROM me)
), choice AS MATERIALIZED (
  SELECT $3::uuid IS NULL OR NOT (SELECT strange FROM me)
    OR (SELECT count(DISTINCT CASE WHEN cardinality(h.author_ids) = 0 THEN ARRAY[h.revision_id] ELSE h.author_ids END) FROM head h) >= ${strangersAuthors}
    OR NOT EXISTS (SELECT 1 FROM review_tasks c WHERE c.category_id <> $3::uuid AND ${takeable}) AS allowed
), recent AS MATERIALIZED (
  SELECT e.category_id, e.author_id FROM (
    SELECT r.entry_id FROM reviews r WHERE r.reviewer_id = $2::uuid ORDER BY r.created_at DESC LIMIT ${w.lastVerdicts}
  ) r JOIN entries e ON e.id = r.entry_id
), passed AS MATERIALIZED (
  SELECT s.reason, s.category_id, e.language FROM review_skips s JOIN revisions v ON v.id = s.revision_id JOIN entries e ON e.id = v.entry_id
  WHERE s.user_id = $2::uuid AND s.reason IS NOT NULL AND s.created_at > $5::timestamptz - interval '${w.passedOnDays} days'
), weighed AS MATERIALIZED (
  SELECT c.id, CASE WHEN (SELECT strange FROM me) THEN (hashtextextended(c.revision_id::text || $2::text, 1) & 1048575)::float8 ELSE ${hours} END AS hours
  FROM head c LEFT JOIN reviewer_category_skills k ON k.user_id = $2::uuid AND k.category_id = c.category_id WHERE (SELECT allowed FROM choice)
), free AS MATERIALIZED (
  SELECT t.id FROM weighed JOIN review_tasks t ON t.id = weighed.id
  WHERE t.closed_at IS NULL AND (t.lease_expires_at IS NULL OR t.lease_expires_at <= $5::timestamptz)
  ORDER BY weighed.hours DESC, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), leased AS (
  UPDATE review_tasks t SET leased_by_id = $2::uuid, lease_expires_at = $6::timestamptz
  FROM (SELECT id FROM own UNION ALL SELECT id FROM free) pick WHERE t.id = pick.id
  RETURNING t.id::text, t.entry_id::text, t.revision_id::text, t.lease_expires_at
)
SELECT leased.*, (SELECT count(*)::int FROM weighed) AS seen FROM (SELECT 1) one LEFT JOIN leased ON true`;

/**
 * Entries with a seat that nobody can fill: it has been open for `$1` (a moment) or longer, and of those who reviewed in its
 * dataset since `$2` nobody may take it, or many have passed it on; `$3` is now. Where nobody reviews at all, nothing is stuck: it waits for people.
 */
export const stuckSql = `
SELECT DISTINCT c.entry_id::text AS id FROM datasets d
CROSS JOIN LATERAL (
  SELECT ARRAY(SELECT DISTINCT r.reviewer_id FROM reviews r JOIN entries e ON e.id = r.entry_id
    WHERE e.dataset_id = d.id AND r.created_at > $2::timestamptz) AS people
) active
JOIN review_tasks c ON c.dataset_id = d.id AND c.closed_at IS NULL AND c.due_at <= $1::timestamptz AND c.created_at <= $1::timestamptz
WHERE d.archived_at IS NULL AND cardinality(active.people) > 0
  AND (c.lease_expires_at IS NULL OR c.lease_expires_at <= $3::timestamptz)
  AND ((SELECT count(*) FROM review_skips k WHERE k.revision_id = c.revision_id) >= ${mostSkips} OR NOT EXISTS (
    SELECT 1 FROM unnest(active.people) AS p(id) JOIN users u ON u.id = p.id
    WHERE u.status = 'active' AND (cardinality(u.languages) = 0 OR c.language = ANY(u.languages))
      AND ${eligible('p.id')}
  ))
LIMIT 500`;

/** Days of `activeReviewerDays` in milliseconds. */
export const activeReviewerMs = activeReviewerDays * 86_400_000;

import { aiAssistanceSchema, checkSchema, entryRoleSchema, entryStatusSchema } from '@granary/contract';
import type { Entry, Person, Revision } from '@granary/contract';
import { Prisma } from '@granary/db';
import * as z from 'zod';

const revisionFields = {
  revision_id: z.string(),
  number: z.int(),
  text: z.string(),
  context: z.string().nullable(),
  context_url: z.string().nullable(),
  context_licence: z.string().nullable(),
  ai_assistance: aiAssistanceSchema,
  note: z.string().nullable(),
  reviser_id: z.string().nullable(),
  reviser_name: z.string().nullable(),
  accepter_id: z.string().nullable(),
  accepter_name: z.string().nullable(),
  revised_at: z.date(),
  checks: z.array(checkSchema),
};
export const revisionRowSchema = z.object(revisionFields);
type RevisionRow = z.infer<typeof revisionRowSchema>;

export const entryRowSchema = z.object({
  ...revisionFields,
  id: z.string(),
  dataset_slug: z.string(),
  category: z.string(),
  role: entryRoleSchema,
  status: entryStatusSchema,
  parent_id: z.string().nullable(),
  root_id: z.string(),
  depth: z.int(),
  language: z.string(),
  licence: z.string(),
  author_id: z.string().nullable(),
  author_name: z.string().nullable(),
  origin_name: z.string().nullable(),
  origin_url: z.string().nullable(),
  external_id: z.string().nullable(),
  reviewed_with_id: z.string().nullable(),
  created_at: z.date(),
  status_at: z.date(),
});
export type EntryRow = z.infer<typeof entryRowSchema>;

/** Of `revisions v LEFT JOIN users vu`. */
export const revisionColumns = Prisma.sql`
  v.id::text AS revision_id, v.number, v.text, v.context, v.context_url, v.context_licence, v.ai_assistance::text, v.note,
  v.author_id::text AS reviser_id, vu.display_name AS reviser_name, v.accepted_by_id::text AS accepter_id,
  (SELECT au.display_name FROM users au WHERE au.id = v.accepted_by_id) AS accepter_name, v.created_at AS revised_at,
  (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', k.kind, 'severity', k.severity, 'field', k.details->'field', 'excerpt', k.details->'excerpt')) ORDER BY k.id), '[]')
    FROM checks k WHERE k.revision_id = v.id) AS checks`;
/** An entry with its current revision: of `entries e` with `entryJoins`. */
export const entryColumns = Prisma.sql`
  e.id::text, d.slug AS dataset_slug, c.slug AS category, e.role::text, e.status::text, e.parent_id::text, e.root_id::text, e.depth, e.language, e.licence,
  e.author_id::text, u.display_name AS author_name, e.origin_name, e.origin_url, e.external_id, e.reviewed_with_id::text, e.created_at, e.status_at,
  ${revisionColumns}`;
export const entryJoins = Prisma.sql`
  JOIN datasets d ON d.id = e.dataset_id
  JOIN categories c ON c.id = e.category_id
  LEFT JOIN users u ON u.id = e.author_id
  JOIN revisions v ON v.id = e.current_revision_id
  LEFT JOIN users vu ON vu.id = v.author_id`;

export function toPerson(id: string | null, name: string | null): Person | null {
  return id === null || name === null ? null : { id, displayName: name };
}

export function toRevision(row: RevisionRow): Revision {
  return {
    id: row.revision_id,
    number: row.number,
    text: row.text,
    context: row.context === null ? null : { text: row.context, url: row.context_url, licence: row.context_licence },
    aiAssistance: row.ai_assistance,
    note: row.note,
    author: toPerson(row.reviser_id, row.reviser_name),
    acceptedBy: toPerson(row.accepter_id, row.accepter_name),
    createdAt: row.revised_at.toISOString(),
    checks: row.checks,
  };
}

export function toEntry(row: EntryRow): Entry {
  return {
    id: row.id,
    datasetSlug: row.dataset_slug,
    category: row.category,
    role: row.role,
    status: row.status,
    parentId: row.parent_id,
    rootId: row.root_id,
    depth: row.depth,
    language: row.language,
    licence: row.licence,
    author: toPerson(row.author_id, row.author_name),
    origin: row.origin_name === null ? null : { name: row.origin_name, url: row.origin_url, externalId: row.external_id },
    reviewedWithId: row.reviewed_with_id,
    revision: toRevision(row),
    createdAt: row.created_at.toISOString(),
    statusAt: row.status_at.toISOString(),
  };
}

const excerptLength = 160;
const wordLength = 24;
/** The beginning of a text for a list: whole words where there are any, and an ellipsis where it goes on. */
export const excerptOf = (text: Prisma.Sql) => Prisma.sql`
  CASE WHEN length(${text}) <= ${excerptLength}::int THEN ${text}
  ELSE regexp_replace(left(${text}, ${excerptLength}::int), ${`\\s+\\S{0,${wordLength}}$`}::text, '') || '…' END`;

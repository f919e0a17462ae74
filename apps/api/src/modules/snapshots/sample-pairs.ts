import { inTransaction } from '@granary/db';
import type { Database } from '@granary/db';
import { vectorOf } from '../../search/text-vector.ts';
import { refreshPairs } from '../entries/projections.ts';

/** Approved pairs for tests: the same ids, texts and times on every database. */
export type SamplePair = {
  instruction: string;
  response: string;
  context?: string;
  category?: string;
  language?: string;
  /** Ratings of one approving review each; an empty list leaves the pair without reviews. */
  ratings?: Record<string, number>[];
  approvedOn?: string;
  imported?: boolean;
  /** Index of the pair whose response this one continues. */
  follows?: number;
};

export const sampleDatasetId = '0198c7a2-0000-7000-8000-00000000d000';
export const sampleSlug = 'sample';
const categories = ['brainstorming', 'open_qa', 'summarization'];
const idOf = (kind: string, index: number) => `0198c7a2-0000-7000-${kind}-${index.toString(16).padStart(12, '0')}`;
export const responseId = (index: number) => idOf('9000', index);
export const instructionId = (index: number) => idOf('8000', index);
const authors = [idOf('a000', 1), idOf('a000', 2)];
const reviewers = [1, 2, 3, 4].map((index) => idOf('a001', index));

/** Adds a dataset `sample` with two authors; call once. */
export async function addSampleDataset(db: Database): Promise<void> {
  const people = [...authors, ...reviewers].map((id, index) => {
    const displayName = ['Wheatear', 'Chaff “& Co” 🌾'][index] ?? `Reviewer ${index}`;
    return { id, email: `person${index}@example.org`, passwordHash: 'none', displayName, displayNameKey: displayName.toLowerCase() };
  });
  await db.prisma.user.createMany({ data: people });
  await db.prisma.dataset.create({
    data: {
      id: sampleDatasetId,
      slug: sampleSlug,
      title: 'Sample pairs',
      description: 'Pairs for the tests of snapshots.',
      licence: 'CC-BY-SA-4.0',
      guidelines: '',
      terms: 'Terms.',
      languages: ['en', 'de'],
      dimensions: [],
      policy: { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 3, openReview: true },
      categories: {
        create: categories.map((slug, position) => ({
          id: idOf('c000', position),
          slug,
          title: `The ${slug}`,
          guideline: '',
          targetCount: 100,
          position,
        })),
      },
    },
  });
}

/** Adds approved pairs; `first` is the index of the first, from which ids follow. */
export async function addSamplePairs(db: Database, pairs: readonly SamplePair[], first = 0): Promise<void> {
  const rows = pairs.map((pair, offset) => toRow(pair, first + offset));
  await inTransaction(
    db,
    async (tx) => {
      const json = JSON.stringify(rows);
      await tx.$executeRaw`
        INSERT INTO entries (id, dataset_id, category_id, role, parent_id, root_id, depth, author_id, language, status, current_revision_id, licence,
          terms_version, origin_name, origin_url, external_id, created_at, status_at)
        SELECT n.id, ${sampleDatasetId}::uuid, n.category_id, n.role::entry_role, n.parent_id, n.root_id, n.depth, n.author_id, n.language, 'approved', n.revision_id,
          'CC-BY-SA-4.0', n.terms_version, n.origin, 'https://example.org/collection', n.external_id, n.at, n.at
        FROM jsonb_to_recordset(${json}::jsonb) AS p(nodes jsonb)
        CROSS JOIN LATERAL jsonb_to_recordset(p.nodes) AS n(id uuid, category_id uuid, role text, parent_id uuid, root_id uuid, depth int, author_id uuid,
          language text, revision_id uuid, terms_version int, origin text, external_id text, at timestamptz)`;
      await tx.$executeRaw`
        INSERT INTO revisions (id, entry_id, number, text, context, context_url, context_licence, ai_assistance, posterior, created_at, words)
        SELECT n.revision_id, n.id, 1, n.text, n.context, n.context_url, n.context_licence, n.ai::ai_assistance,
          CASE WHEN n.reviewed THEN '{0.97314,0.02,0.00686}' ELSE '{}' END::float8[], n.at, n.words
        FROM jsonb_to_recordset(${json}::jsonb) AS p(nodes jsonb)
        CROSS JOIN LATERAL jsonb_to_recordset(p.nodes) AS n(revision_id uuid, id uuid, text text, context text, context_url text, context_licence text, ai text, reviewed boolean, at timestamptz, words tsvector)`;
      await tx.$executeRaw`
        INSERT INTO reviews (id, entry_id, revision_id, reviewer_id, verdict, ratings, created_at)
        SELECT gen_random_uuid(), v.entry_id, v.revision_id, v.reviewer_id, v.verdict::verdict, v.ratings, now()
        FROM jsonb_to_recordset(${json}::jsonb) AS p(reviews jsonb)
        CROSS JOIN LATERAL jsonb_to_recordset(p.reviews) AS v(entry_id uuid, revision_id uuid, reviewer_id uuid, verdict text, ratings jsonb)`;
      await refreshPairs(
        tx,
        rows.flatMap((row) => row.nodes.map((node) => node.id)),
      );
    },
    { timeoutMs: 600_000 },
  );
}

function toRow(pair: SamplePair, index: number) {
  const at = `${pair.approvedOn ?? '2026-03-01'}T10:00:00.${String(index % 1000).padStart(3, '0')}Z`;
  const ratings = pair.ratings ?? [{ accuracy: 5, clarity: 4 }, { accuracy: 4 }];
  const depth = pair.follows === undefined ? 0 : 2;
  const root_id = instructionId(pair.follows ?? index);
  const common = {
    category_id: idOf('c000', categories.indexOf(pair.category ?? 'open_qa')),
    root_id,
    language: pair.language ?? 'en',
    origin: pair.imported ? 'Some collection' : null,
    at,
  };
  const ask = {
    ...common,
    id: instructionId(index),
    role: 'instruction',
    parent_id: pair.follows === undefined ? null : responseId(pair.follows),
    depth,
    author_id: pair.imported ? null : authors[0],
    revision_id: idOf('8001', index),
    terms_version: pair.imported ? null : 1,
    external_id: pair.imported ? `${index}-i` : null,
    text: pair.instruction,
    context: pair.context ?? null,
    context_url: pair.context === undefined ? null : 'https://example.org/source',
    context_licence: pair.context === undefined ? null : 'CC-BY-4.0',
    ai: 'none',
    reviewed: false,
  };
  const answer = {
    ...common,
    id: responseId(index),
    role: 'response',
    parent_id: ask.id,
    depth: depth + 1,
    author_id: pair.imported ? null : authors[1],
    revision_id: idOf('9001', index),
    terms_version: ask.terms_version,
    external_id: pair.imported ? `${index}-r` : null,
    text: pair.response,
    context: null,
    context_url: null,
    context_licence: null,
    ai: index % 3 === 0 ? 'wording' : 'none',
    reviewed: ratings.length > 0,
  };
  const review = { entry_id: answer.id, revision_id: answer.revision_id };
  const reviews = ratings.map((given, place) => ({ ...review, reviewer_id: reviewers[place], verdict: 'approve', ratings: given }));
  // One who disagreed, and whose ratings do not count.
  if (ratings.length > 0) reviews.push({ ...review, reviewer_id: reviewers[3], verdict: 'reject', ratings: { accuracy: 1 } });
  const nodes = [ask, answer].map((node) => ({ ...node, words: vectorOf(node) }));
  return { nodes, reviews };
}

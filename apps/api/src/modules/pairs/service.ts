import type { EndpointRequest, endpoints, Page, Pair } from '@granary/contract';
import { maySeeText, roleAtLeast } from '@granary/domain';
import * as z from 'zod';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, encodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { parseSearch } from '../../search/query.ts';
import type { PairFilters, PairRepository, PairRow, Scope } from './repository.ts';

export type PairService = ReturnType<typeof createPairService>;
type Query = EndpointRequest<typeof endpoints.pairs.list>['query'];
type CountQuery = EndpointRequest<typeof endpoints.pairs.count>['query'];

const dayMs = 86_400_000;
/** Pairs that are counted where no count is kept. */
const countAtMost = 10_000;
const valueAndIdSchema = z.tuple([z.number(), z.uuid()]);
/** Entries that one page of a search in unapproved ones looks through. */
const walkAtMost = 100;

export function createPairService({ pairs }: { pairs: PairRepository }) {
  return {
    /** Newest first. Throws `not_found` (dataset), `forbidden` (unapproved ones of others), `cursor_invalid`. */
    async list(actor: Actor | null, query: Query): Promise<Page<Pair>> {
      const { q, language, author, status, limit } = query;
      if (status !== 'approved') refuseStranger(actor, author);
      const after = query.sort === 'newest' ? decodeCursor(query.cursor, timeAndIdSchema) : null;
      const scope = await pairs.scope(query.dataset, query.category);
      if (scope === null) throw notFound('such dataset');
      const search = q === undefined || q === '' ? undefined : parseSearch(q, language === undefined ? scope.languages : [language]);
      const filters = { ...plainFilters(scope, query), search: search ?? undefined };
      if (query.sort !== 'newest') return sorted(actor, query, query.sort, filters);
      // Nothing that was asked for is a word.
      if (search === null || scope.categoryIds?.length === 0) return { items: [], nextCursor: null };
      const { rows, walked } =
        status === 'approved'
          ? await pairs.approved(filters, after, limit + 1)
          : await pairs.others(filters, status, after, limit + 1, walkAtMost);
      const page = toPage(rows, limit, keyOf, (row) => pairOf(actor, row));
      // Nothing more to show of what was looked at, but there is more to look at.
      return page.nextCursor === null && walked !== null ? { ...page, nextCursor: encodeCursor(walked) } : page;
    },

    /** Throws `not_found` (dataset). */
    async count(query: CountQuery): Promise<{ count: number; more: boolean }> {
      const scope = await pairs.scope(query.dataset, query.category);
      if (scope === null) throw notFound('such dataset');
      const found = scope.categoryIds?.length === 0 ? 0 : await pairs.count(plainFilters(scope, query), countAtMost);
      const capped = [query.language, query.author, query.from, query.to].some((filter) => filter !== undefined);
      return capped && found > countAtMost ? { count: countAtMost, more: true } : { count: found, more: false };
    },
  };

  async function sorted(
    actor: Actor | null,
    { cursor, limit, status, q }: Query,
    sort: 'rating' | 'comparisons',
    filters: PairFilters,
  ): Promise<Page<Pair>> {
    const unfit = [...(q ? ['q'] : []), ...(status === 'approved' ? [] : ['status'])];
    if (unfit.length > 0) {
      const errors = unfit.map((path) => ({ path, message: 'Only the newest first can be asked for with this' }));
      throw new ApiError('validation_failed', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
    }
    if (filters.scope.categoryIds?.length === 0) return { items: [], nextCursor: null };
    const rows = await pairs.sorted(filters, sort, decodeCursor(cursor, valueAndIdSchema), limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.value, row.id] as const,
      (row) => pairOf(actor, row),
    );
  }
}

const plainFilters = (scope: Scope, { language, author, from, to }: CountQuery): PairFilters => ({
  scope,
  language,
  author,
  from: from === undefined ? undefined : new Date(from),
  before: to === undefined ? undefined : new Date(new Date(to).getTime() + dayMs),
});

function refuseStranger(actor: Actor | null, author: string | undefined): void {
  if (actor !== null && (author === actor.id || roleAtLeast(actor.role, 'reviewer'))) return;
  throw new ApiError('forbidden', 'Unapproved pairs are shown to their author and to reviewers.');
}

const keyOf = (row: PairRow) => [row.at.toISOString(), row.id] as const;

/** Texts that this reader may not see stay out: of an unapproved pair, the instruction may be somebody else's. */
function pairOf(actor: Actor | null, row: PairRow): Pair {
  const instructionShown = maySeeText(actor, { status: row.instruction_status, authorId: row.instruction_author_id });
  const responseShown = maySeeText(actor, { status: row.status, authorId: row.author_id });
  return {
    id: row.id,
    instructionId: row.instruction_id,
    datasetSlug: row.dataset_slug,
    category: row.category,
    language: row.language,
    status: row.status,
    instruction: instructionShown ? row.instruction : '',
    context: instructionShown ? row.context : null,
    response: responseShown ? row.response : '',
    author: row.author_id === null || row.author_name === null ? null : { id: row.author_id, displayName: row.author_name },
    origin: row.origin_name === null ? null : { name: row.origin_name, url: row.origin_url, externalId: row.external_id },
    rating: row.rating,
    raters: row.raters,
    comparisons: row.comparisons,
    alternatives: row.alternatives,
    conversation:
      row.root_id === null || row.root_status === null || row.root_text === null
        ? null
        : { id: row.root_id, text: maySeeText(actor, { status: row.root_status, authorId: row.root_author_id }) ? row.root_text : '' },
    reviewCount: row.review_count,
    at: row.at.toISOString(),
  };
}

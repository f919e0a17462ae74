import type { EndpointRequest, endpoints, Page, Pair } from '@granary/contract';
import { maySeeText, roleAtLeast } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, encodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { parseSearch } from '../../search/query.ts';
import type { PairFilters, PairRepository, PairRow } from './repository.ts';

export type PairService = ReturnType<typeof createPairService>;
type Query = EndpointRequest<typeof endpoints.pairs.list>['query'];

const dayMs = 86_400_000;
/** Entries that one page of a search in unapproved ones looks through. */
const walkAtMost = 100;

export function createPairService({ pairs }: { pairs: PairRepository }) {
  return {
    /** Newest first. Throws `not_found` (dataset), `forbidden` (unapproved ones of others), `cursor_invalid`. */
    async list(actor: Actor | null, query: Query): Promise<Page<Pair>> {
      const { q, language, author, from, to, status, limit } = query;
      if (status !== 'approved') refuseStranger(actor, author);
      const after = decodeCursor(query.cursor, timeAndIdSchema);
      const scope = await pairs.scope(query.dataset, query.category);
      if (scope === null) throw notFound('such dataset');
      const search = q === undefined || q === '' ? undefined : parseSearch(q, language === undefined ? scope.languages : [language]);
      const filters: PairFilters = {
        scope,
        language,
        author,
        search: search ?? undefined,
        from: from === undefined ? undefined : new Date(from),
        before: to === undefined ? undefined : new Date(new Date(to).getTime() + dayMs),
      };
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
  };
}

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
    reviewCount: row.review_count,
    at: row.at.toISOString(),
  };
}

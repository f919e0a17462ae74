import { useInfiniteQuery } from '@tanstack/react-query';
import { Star } from 'lucide-react';
import { Link } from 'react-router';
import { languageNames, type Pair, type PairSort } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { CorpusExcerpt } from '../../../components/source/corpus-excerpt.tsx';
import { NumberText, RelativeTime } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { groupPairs, type PairGroup } from '../group-pairs.ts';
import { useCategoryTitles } from '../use-category-titles.ts';
import type { PairFilters } from '../use-pair-filters.ts';
import './pairs.css';

/** Pairs that pass the filters, newest first unless sorted otherwise; alternatives stand together. */
export function PairList({ filters, sort = 'newest' }: { filters: PairFilters; sort?: PairSort }) {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.pairs.list, { query: { ...filters, sort } }));
  const pairs = flatPages<Pair>(query.data);
  const { titleOf } = useCategoryTitles(pairs.map(({ datasetSlug }) => datasetSlug));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (pairs.length === 0 && !query.hasNextPage) return <NoPairs filters={filters} sort={sort} />;
  return (
    <>
      <ol className="pairs" aria-label={t('pairs.list')}>
        {groupPairs(pairs).map((group) => (
          <PairRow key={group.first.id} {...group} category={titleOf(group.first.datasetSlug, group.first.category)} />
        ))}
      </ol>
      <LoadMore shown={pairs.length} {...query} />
    </>
  );
}

/** Why there is nothing, and what to do. */
function NoPairs({ filters, sort }: { filters: PairFilters; sort: PairSort }) {
  const t = useT();
  if (sort !== 'newest') return <EmptyState title={t(`pairs.empty.${sort}`)}>{t('pairs.empty.sorted')}</EmptyState>;
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <EmptyState
      title={t(filtered ? 'pairs.empty.filtered.title' : 'pairs.empty.title')}
      action={!filtered && <LinkButton to={paths.contribute.to()}>{t('pairs.empty.action')}</LinkButton>}
    >
      {t(filtered ? 'pairs.empty.filtered.text' : 'pairs.empty.text')}
    </EmptyState>
  );
}

function PairRow({ first: pair, others, category }: PairGroup & { category: string }) {
  const t = useT();
  const more = pair.alternatives - others.length;
  return (
    <li className="pair">
      <div className="pair-margin">
        <span className="pair-category">{category}</span>
        <span>{languageNames[pair.language as keyof typeof languageNames] ?? pair.language}</span>
        {pair.status !== 'approved' && <span>{t(`vocabulary.status.${pair.status}`)}</span>}
        {others.length === 0 && <Judged pair={pair} />}
      </div>
      <div className="pair-text">
        {pair.conversation !== null && (
          <p className="pair-conversation small">
            <span>{t('pairs.followUp')}</span>{' '}
            <Link to={paths.entry.to(pair.conversation.id)}>{pair.conversation.text || t('pairs.hidden')}</Link>
          </p>
        )}
        <h2 dir="auto" lang={pair.language}>
          <Link to={paths.entry.to(others.length === 0 ? pair.id : pair.instructionId)}>{pair.instruction || t('pairs.hidden')}</Link>
        </h2>
        {pair.context !== null && <CorpusExcerpt className="pair-context small" text={pair.context} lang={pair.language} />}
        {others.length === 0 ? (
          <Response pair={pair} />
        ) : (
          <ol className="pair-alternatives">
            {[pair, ...others].map((each) => (
              <li key={each.id}>
                <Response pair={each} linked />
              </li>
            ))}
          </ol>
        )}
        {more > 0 && (
          <p className="small">
            <Link to={paths.entry.to(pair.instructionId)}>{t('pairs.alternatives', { n: more })}</Link>
          </p>
        )}
      </div>
    </li>
  );
}

/** One response, whose it is and since when. Among alternatives each leads to its own page. */
function Response({ pair, linked = false }: { pair: Pair; linked?: boolean }) {
  const t = useT();
  return (
    <>
      <CorpusExcerpt className="pair-response" text={pair.response || t('pairs.hidden')} lang={pair.language} />
      <p className="pair-foot small faint">
        <PairSource pair={pair} /> · <RelativeTime iso={pair.at} />
        {linked && (
          <>
            <Judged pair={pair} /> <Link to={paths.entry.to(pair.id)}>{t('pairs.open')}</Link>
          </>
        )}
      </p>
    </>
  );
}

/** How it is rated and how often it was compared, with how many people said so. */
function Judged({ pair: { rating, raters, comparisons } }: { pair: Pair }) {
  const t = useT();
  return (
    <>
      {rating !== null && (
        <span className="pair-rating">
          <Star aria-hidden />
          <span className="visually-hidden">{t('pairs.rating')}</span>
          <NumberText value={rating} options={{ maximumFractionDigits: 1 }} />
          <span>{t('pairs.raters', { n: raters })}</span>
        </span>
      )}
      {comparisons > 0 && <span>{t('pairs.comparisons', { n: comparisons })}</span>}
    </>
  );
}

function PairSource({ pair: { author, origin } }: { pair: Pair }) {
  const t = useT();
  if (author !== null) return <Link to={paths.contributor.to(author.id)}>{author.displayName}</Link>;
  return <span>{origin === null ? t('pairs.anonymous') : t('pairs.from', { name: origin.name })}</span>;
}

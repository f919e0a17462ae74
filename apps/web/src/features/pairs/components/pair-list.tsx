import { useInfiniteQuery } from '@tanstack/react-query';
import { Star } from 'lucide-react';
import { Link } from 'react-router';
import { languageNames, type Pair } from '@granary/contract';
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
import { useCategoryTitles } from '../use-category-titles.ts';
import type { PairFilters } from '../use-pair-filters.ts';
import './pairs.css';

/** Pairs that pass the filters, newest first. */
export function PairList({ filters }: { filters: PairFilters }) {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.pairs.list, { query: filters }));
  const pairs = flatPages<Pair>(query.data);
  const { titleOf } = useCategoryTitles(pairs.map(({ datasetSlug }) => datasetSlug));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (pairs.length === 0 && !query.hasNextPage) {
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
  return (
    <>
      <ol className="pairs" aria-label={t('pairs.list')}>
        {pairs.map((pair) => (
          <PairRow key={pair.id} pair={pair} category={titleOf(pair.datasetSlug, pair.category)} />
        ))}
      </ol>
      <LoadMore shown={pairs.length} {...query} />
    </>
  );
}

function PairRow({ pair, category }: { pair: Pair; category: string }) {
  const t = useT();
  return (
    <li className="pair">
      <div className="pair-margin">
        <span className="pair-category">{category}</span>
        <span>{languageNames[pair.language as keyof typeof languageNames] ?? pair.language}</span>
        {pair.status !== 'approved' && <span>{t(`vocabulary.status.${pair.status}`)}</span>}
        {pair.rating !== null && (
          <span className="pair-rating">
            <Star aria-hidden />
            <span className="visually-hidden">{t('pairs.rating')}</span>
            <NumberText value={pair.rating} options={{ maximumFractionDigits: 1 }} />
          </span>
        )}
      </div>
      <div className="pair-text">
        <h2 dir="auto" lang={pair.language}>
          <Link to={paths.entry.to(pair.id)}>{pair.instruction || t('pairs.hidden')}</Link>
        </h2>
        {pair.context !== null && <CorpusExcerpt className="pair-context small" text={pair.context} lang={pair.language} />}
        <CorpusExcerpt className="pair-response" text={pair.response || t('pairs.hidden')} lang={pair.language} />
        <p className="small faint">
          <PairSource pair={pair} /> · <RelativeTime iso={pair.at} />
        </p>
      </div>
    </li>
  );
}

function PairSource({ pair: { author, origin } }: { pair: Pair }) {
  const t = useT();
  if (author !== null) return <Link to={paths.contributor.to(author.id)}>{author.displayName}</Link>;
  return <span>{origin === null ? t('pairs.anonymous') : t('pairs.from', { name: origin.name })}</span>;
}

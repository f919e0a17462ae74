import { useEffect, useRef } from 'react';
import { Star } from 'lucide-react';
import { Link } from 'react-router';
import { languageNames, type Dataset, type SnapshotRow } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { CorpusExcerpt } from '../../../components/source/corpus-excerpt.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { useRowPages } from '../use-row-pages.ts';
import type { useRowFilters } from '../use-row-filters.ts';
import { SinceBadge } from './since.tsx';
import './rows.css';

/** Stretches without a row that are looked through unasked, a hundred thousand rows each when nothing is searched for. */
const emptyStretchesMost = 12;
type Props = ReturnType<typeof useRowFilters> & {
  dataset: Dataset;
  number: number;
  /** Rows of the snapshot; null where that is not known. */
  total: number | null;
};

/** Rows of a snapshot that pass the filters, or a sample of them. `j` and `k` go from row to row. */
export function RowList({ dataset, number, total, filters, q, seed, active, clear, address }: Props) {
  const t = useT();
  const locale = useLocale();
  const list = useRef<HTMLOListElement>(null);
  const { rows, ...query } = useRowPages(dataset.slug, number, { filters, q, seed });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const stretches = query.data?.pages.length ?? 0;
  const looking = rows.length === 0 && hasNextPage && stretches < emptyStretchesMost;
  useEffect(() => {
    if (looking && !isFetchingNextPage) void fetchNextPage();
  }, [looking, isFetchingNextPage, fetchNextPage]);
  const step = (by: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('h2 a') ?? [])];
    const at = links.findIndex((link) => link.closest('li')?.contains(document.activeElement));
    const next = links[at < 0 ? (by === 1 ? 0 : -1) : at + by];
    next?.focus();
    next?.closest('li')?.scrollIntoView({ block: 'nearest' });
  };
  useShortcuts([
    { keys: 'j', label: t('rows.keys.next'), run: () => step(1) },
    { keys: 'k', label: t('rows.keys.previous'), run: () => step(-1) },
  ]);
  if (query.isPending || looking) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (rows.length === 0 && !hasNextPage)
    return (
      <EmptyState title={t('rows.empty.title')} action={active > 0 && <Button onClick={clear}>{t('rows.filter.clear')}</Button>}>
        {t(q === '' ? 'rows.empty.text' : 'rows.empty.words')}
      </EmptyState>
    );
  return (
    <>
      {total !== null && active === 0 && <p role="status">{t('rows.total', { n: total, count: formatNumber(locale, total) })}</p>}
      <ol ref={list} className="snapshot-rows" aria-label={t('rows.list')}>
        {rows.map((row) => (
          <Row key={row.id} row={row} dataset={dataset} number={number} address={address} />
        ))}
      </ol>
      <LoadMore shown={rows.length} {...query} />
    </>
  );
}

function Row({ row, dataset, number, address }: { row: SnapshotRow; dataset: Dataset; number: number; address: string }) {
  const t = useT();
  return (
    <li className="snapshot-row">
      <div className="snapshot-row-margin">
        <span className="snapshot-row-category">{dataset.categories.find(({ slug }) => slug === row.category)?.title ?? row.category}</span>
        <span>{languageNames[row.language as keyof typeof languageNames] ?? row.language}</span>
        <code>{row.split}</code>
        {row.turn > 1 && <span>{t('rows.turn', { turn: row.turn })}</span>}
        {row.rating !== null && (
          <span className="snapshot-row-rating">
            <Star aria-hidden />
            <span className="visually-hidden">{t('rows.rating')}</span>
            <NumberText value={row.rating} options={{ maximumFractionDigits: 1 }} />
          </span>
        )}
        <SinceBadge since={row.since} />
      </div>
      <div className="snapshot-row-text">
        <h2 dir="auto" lang={row.language}>
          <Link to={paths.row.to(dataset.slug, number, row.id)} state={{ rows: address }}>
            {row.instruction}
          </Link>
        </h2>
        {row.context !== '' && <CorpusExcerpt className="snapshot-row-context small" text={row.context} lang={row.language} />}
        <CorpusExcerpt className="snapshot-row-response" text={row.response} lang={row.language} />
      </div>
    </li>
  );
}

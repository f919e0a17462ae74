import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { languageNames, type CalibrationItem, type Dataset } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { SegmentedControl } from '../../../components/choice.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { Notice } from '../../../components/notice.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Badge } from '../../../components/status-badge.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, apiQuery, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { ItemActs } from './item-acts.tsx';
import { ItemFacts } from './item-facts.tsx';
import './calibration.css';

const states = ['in_use', 'retired'] as const;

/** The calibration items of a dataset, in use unless the address says otherwise. */
export function ItemList({ slug }: { slug: string }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const state = search.get('state') === 'retired' ? 'retired' : 'in_use';
  const dataset = useQuery(apiQuery(endpoints.datasets.get, { params: { slug } }));
  return (
    <div className="stack">
      {dataset.data !== undefined && <PolicyNotice dataset={dataset.data} />}
      <SegmentedControl
        legend={t('calibration.state')}
        hideLegend
        value={state}
        onChange={(next) =>
          setSearch(
            (before) => {
              const after = new URLSearchParams(before);
              if (next === 'retired') after.set('state', next);
              else after.delete('state');
              return after;
            },
            { replace: true },
          )
        }
        options={states.map((value) => ({ value, label: t(`calibration.state.${value}`) }))}
      />
      <Items slug={slug} state={state} titles={new Map(dataset.data?.categories.map((each) => [each.slug, each.title]))} />
    </div>
  );
}

/** Items that nobody is shown teach nobody: says so where the dataset's policy mixes none in. */
function PolicyNotice({ dataset: { policy } }: { dataset: Dataset }) {
  const t = useT();
  if ((policy.calibrationRate ?? 0) > 0 || policy.qualification !== undefined) return null;
  return <Notice title={t('calibration.off')}>{t('calibration.offText')}</Notice>;
}

type ItemsProps = { slug: string; state: (typeof states)[number]; /** Of the categories, by slug. */ titles: ReadonlyMap<string, string> };

function Items({ slug, state, titles }: ItemsProps) {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.calibration.list, { params: { slug }, query: { state } }));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<CalibrationItem>(query.data);
  if (items.length === 0) {
    const action = <LinkButton to={paths.browse.to({ dataset: slug })}>{t('calibration.browse')}</LinkButton>;
    return (
      <EmptyState title={t(`calibration.empty.${state}`)} action={state === 'in_use' ? action : undefined}>
        {t('calibration.emptyText')}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="calibration-items" aria-label={t('calibration.title')}>
        {items.map((item) => (
          <li key={item.id}>
            <div className="cluster gap-2 small soft">
              <Badge>{titles.get(item.category) ?? item.category}</Badge>
              <Badge>{languageNames[item.language as keyof typeof languageNames] ?? item.language}</Badge>
              <span>
                {item.createdBy === null ? t('calibration.shipped') : t('calibration.by', { name: item.createdBy.displayName })}{' '}
                <RelativeTime iso={item.createdAt} />
              </span>
            </div>
            <p className="measure" lang={item.language}>
              <Link to={paths.entry.to(item.entryId)}>{item.excerpt}</Link>
            </p>
            <ItemFacts item={item} />
            {item.retiredAt === null && <ItemActs item={item} />}
          </li>
        ))}
      </ul>
      <LoadMore shown={items.length} {...query} />
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { languageNames, type DatasetSummary } from '@granary/contract';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Meter } from '../../../components/progress.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Badge } from '../../../components/status-badge.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './datasets.css';

const namedLanguages = 4;

/** Every dataset of the deployment; those that are closed come last. */
export function DatasetList() {
  const t = useT();
  const query = useQuery(apiQuery(endpoints.datasets.list));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const datasets = query.data.items.toSorted((one, other) => Number(one.archived) - Number(other.archived));
  if (datasets.length === 0) return <EmptyState title={t('datasets.empty.title')}>{t('datasets.empty.text')}</EmptyState>;
  return (
    <ul className="datasets">
      {datasets.map((dataset) => (
        <DatasetRow key={dataset.slug} dataset={dataset} />
      ))}
    </ul>
  );
}

function DatasetRow({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const locale = useLocale();
  const { slug, title, description, licence, languages, isDemo, archived, latestSnapshot } = dataset;
  const names = languages.slice(0, namedLanguages).map((language) => languageNames[language as keyof typeof languageNames] ?? language);
  const more = languages.length - names.length;
  return (
    <li className="dataset">
      <div className="stack gap-2">
        <h2>
          <Link to={paths.dataset.to(slug)}>{title}</Link>
        </h2>
        <p className="serif soft measure">{description}</p>
        <p className="cluster gap-2 small soft">
          <Badge>{licence}</Badge>
          {isDemo && <Badge>{t('datasets.demo')}</Badge>}
          {archived && <Badge>{t('datasets.archived')}</Badge>}
          <span>{more > 0 ? t('datasets.languagesMore', { names: names.join(', '), n: more }) : names.join(', ')}</span>
        </p>
      </div>
      <div className="stack gap-3 dataset-side">
        <Meter
          label={t('datasets.approved')}
          value={dataset.approved}
          max={Math.max(dataset.target, 1)}
          detail={t('datasets.of', { approved: formatNumber(locale, dataset.approved), target: formatNumber(locale, dataset.target) })}
        />
        <p className="small soft">
          {t('datasets.people', { n: dataset.contributors })} · {t('datasets.waiting', { n: dataset.inReview })}
        </p>
        <p className="small">
          {latestSnapshot === null ? (
            <span className="faint">{t('datasets.noSnapshotYet')}</span>
          ) : (
            <Link to={paths.snapshot.to(slug, latestSnapshot)}>{t('datasets.snapshot', { number: latestSnapshot })}</Link>
          )}
        </p>
      </div>
    </li>
  );
}

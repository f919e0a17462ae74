import { useQuery } from '@tanstack/react-query';
import { FileUp, PackageCheck, Settings2 } from 'lucide-react';
import { Link } from 'react-router';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Badge } from '../../../components/status-badge.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './administration.css';

/** The datasets with what an admin does to them. */
export function DatasetDesk() {
  const t = useT();
  const query = useQuery(apiQuery(endpoints.datasets.list));
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (query.data.items.length === 0)
    return <EmptyState title={t('administration.datasets.empty')}>{t('administration.datasets.emptyText')}</EmptyState>;
  return (
    <ul className="desk">
      {query.data.items.map(({ slug, title, approved, inReview, isDemo, archived }) => (
        <li key={slug}>
          <div>
            <h3>
              <Link to={paths.dataset.to(slug)}>{title}</Link>
            </h3>
            <p className="small soft cluster gap-2">
              {t('administration.datasets.counts', { approved, inReview })}
              {isDemo && <Badge>{t('administration.datasets.demo')}</Badge>}
              {archived && <Badge>{t('administration.datasets.archived')}</Badge>}
            </p>
          </div>
          <div className="cluster gap-2">
            <LinkButton size="small" icon={<PackageCheck aria-hidden />} to={paths.publish.to(slug)}>
              {t('administration.datasets.publish')}
              <span className="visually-hidden"> {title}</span>
            </LinkButton>
            <LinkButton size="small" icon={<FileUp aria-hidden />} to={paths.imports.to(slug)}>
              {t('administration.datasets.import')}
              <span className="visually-hidden"> {title}</span>
            </LinkButton>
            <LinkButton size="small" icon={<Settings2 aria-hidden />} to={paths.editDataset.to(slug)}>
              {t('administration.datasets.edit')}
              <span className="visually-hidden"> {title}</span>
            </LinkButton>
          </div>
        </li>
      ))}
    </ul>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Dataset, Import } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { ImportForm } from '../../features/imports/components/import-form.tsx';
import { ImportStatus } from '../../features/imports/components/import-list.tsx';
import { ImportProgress } from '../../features/imports/components/import-progress.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { formatBytes } from '../../lib/i18n/format.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useLocale } from '../../lib/i18n/locale.ts';
import { PageError } from './page-error.tsx';
import { WithDataset } from './with-dataset.tsx';

/** One import: preview and choices before, progress during, the outcome after. */
export default function ImportPage() {
  const { id = '' } = useParams();
  const query = useQuery(apiQuery(endpoints.imports.get, { params: { id } }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <PageError error={query.error} onRetry={query.refetch} />;
  const item = query.data;
  return <WithDataset slug={item.datasetSlug}>{(dataset) => <ImportOverview item={item} dataset={dataset} />}</WithDataset>;
}

function ImportOverview({ item, dataset }: { item: Import; dataset: Dataset }) {
  const t = useT();
  const locale = useLocale();
  const mayStart = item.status === 'uploaded' || item.status === 'failed' || item.status === 'cancelled';
  return (
    <>
      <PageHeader
        title={item.fileName}
        kicker={dataset.title}
        actions={<LinkButton to={paths.imports.to(dataset.slug)}>{t('imports.all')}</LinkButton>}
      />
      {item.status === 'uploaded' ? (
        <p className="cluster import-state">
          <ImportStatus status={item.status} />
          <span className="small soft">{formatBytes(locale, item.bytes)}</span>
        </p>
      ) : (
        <Section title={t('imports.progress')}>
          <ImportProgress item={item} />
        </Section>
      )}
      {mayStart && <ImportForm item={item} dataset={dataset} />}
    </>
  );
}

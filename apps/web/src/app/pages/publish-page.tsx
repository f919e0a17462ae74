import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { Dataset } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { paths } from '../../config/paths.ts';
import { BuildProgress, isUnderWay } from '../../features/publish/components/build-progress.tsx';
import { SelectionForm } from '../../features/publish/components/selection-form.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { WithDataset } from './with-dataset.tsx';

/** Where an admin publishes a snapshot and watches it being built. */
export default function PublishPage() {
  const { slug = '' } = useParams();
  return <WithDataset slug={slug}>{(dataset) => <Publishing dataset={dataset} />}</WithDataset>;
}

function Publishing({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const navigate = useNavigate();
  const snapshots = useQuery(apiQuery(endpoints.snapshots.list, { params: { slug: dataset.slug }, query: { limit: 1 } }));
  const newest = snapshots.data?.items[0];
  return (
    <>
      <PageHeader
        title={t('publish.title')}
        kicker={dataset.title}
        standfirst={t('publish.standfirst')}
        actions={
          <>
            <LinkButton to={paths.publishing.to(dataset.slug)}>{t('publish.byItself')}</LinkButton>
            <LinkButton to={paths.snapshots.to(dataset.slug)}>{t('publish.all')}</LinkButton>
          </>
        }
      />
      {snapshots.isError && <ErrorState error={snapshots.error} onRetry={snapshots.refetch} />}
      {newest !== undefined && (
        <Section title={t('publish.current')}>
          <BuildProgress key={newest.number} snapshot={newest} />
        </Section>
      )}
      <Section title={t('publish.selection')}>
        <SelectionForm
          dataset={dataset}
          busy={newest !== undefined && isUnderWay(newest)}
          onStarted={(number) => void navigate(paths.snapshot.to(dataset.slug, number))}
        />
      </Section>
    </>
  );
}

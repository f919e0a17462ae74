import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Dataset } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Markdown } from '../../components/markdown.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { SnapshotCounts } from '../../features/snapshots/components/snapshot-counts.tsx';
import { SnapshotFacts } from '../../features/snapshots/components/snapshot-facts.tsx';
import { LoadingCode, SnapshotFiles } from '../../features/snapshots/components/snapshot-files.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import { WithDataset } from './with-dataset.tsx';

/** One snapshot: how to load it, what is in it, its files and checksums. */
export default function SnapshotPage() {
  const { slug = '', number = '' } = useParams();
  return <WithDataset slug={slug}>{(dataset) => <SnapshotOverview dataset={dataset} number={number} />}</WithDataset>;
}

function SnapshotOverview({ dataset, number }: { dataset: Dataset; number: string }) {
  const t = useT();
  const { can } = useSession();
  // What is no number is no snapshot; the server says so.
  const query = useQuery(apiQuery(endpoints.snapshots.get, { params: { slug: dataset.slug, number } }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const snapshot = query.data;
  return (
    <>
      <PageHeader
        title={t('snapshots.title', { number: snapshot.number })}
        kicker={dataset.title}
        actions={<LinkButton to={paths.snapshots.to(dataset.slug)}>{t('snapshots.page')}</LinkButton>}
      />
      <div className="with-aside">
        <div>
          {snapshot.status !== 'published' && (
            <Notice
              tone="warning"
              title={t('snapshots.unfinished')}
              action={
                can('snapshots:publish') && (
                  <LinkButton size="small" to={paths.publish.to(dataset.slug)}>
                    {t('snapshots.follow')}
                  </LinkButton>
                )
              }
            >
              {snapshot.error}
            </Notice>
          )}
          {snapshot.status === 'published' && (
            <>
              <Section title={t('snapshots.code')}>
                <LoadingCode snapshot={snapshot} />
              </Section>
              <Section title={t('snapshots.files')}>
                <SnapshotFiles snapshot={snapshot} />
              </Section>
            </>
          )}
          {snapshot.counts !== null && (
            <Section title={t('snapshots.counts')}>
              <SnapshotCounts counts={snapshot.counts} dataset={dataset} />
            </Section>
          )}
        </div>
        <aside className="stack gap-5" aria-label={t('snapshots.facts')}>
          <SnapshotFacts snapshot={snapshot} dataset={dataset} />
          {snapshot.notes !== '' && (
            <div>
              <div className="kicker">{t('snapshots.notes')}</div>
              <Markdown text={snapshot.notes} />
            </div>
          )}
        </aside>
      </div>
    </>
  );
}

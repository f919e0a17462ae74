import { lazy, Suspense } from 'react';
import type { Dataset, Snapshot } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { Markdown } from '../../components/markdown.tsx';
import { Notice } from '../../components/notice.tsx';
import { Section } from '../../components/section.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { SnapshotCounts } from '../../features/snapshots/components/snapshot-counts.tsx';
import { SnapshotFacts } from '../../features/snapshots/components/snapshot-facts.tsx';
import { SnapshotFiles } from '../../features/snapshots/components/snapshot-files.tsx';
import { SnapshotLoading } from '../../features/snapshots/components/snapshot-loading.tsx';
import { SnapshotStatistics } from '../../features/snapshots/components/snapshot-statistics.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import { SnapshotHeader } from './with-snapshot.tsx';

/** Only who publishes ever sees it. */
const BuildProgress = lazy(async () => ({
  default: (await import('../../features/publish/components/build-progress.tsx')).BuildProgress,
}));

/** How to load a snapshot, what is in it, its files and checksums; of one that is not published, why. */
export function SnapshotOverview({ snapshot, dataset }: { snapshot: Snapshot; dataset: Dataset }) {
  const t = useT();
  return (
    <>
      <SnapshotHeader snapshot={snapshot} dataset={dataset} />
      <div className="with-aside">
        <div>
          {snapshot.status === 'published' ? (
            <Published snapshot={snapshot} dataset={dataset} />
          ) : (
            <Unfinished snapshot={snapshot} dataset={dataset} />
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
          <LinkButton size="small" to={paths.findRow.to({ dataset: dataset.slug })}>
            {t('snapshots.reportRow')}
          </LinkButton>
        </aside>
      </div>
    </>
  );
}

function Published({ snapshot, dataset }: { snapshot: Snapshot; dataset: Dataset }) {
  const t = useT();
  return (
    <>
      <Section title={t('snapshots.code')}>
        <SnapshotLoading snapshot={snapshot} />
      </Section>
      <Section title={t('snapshots.counts')}>
        <SnapshotStatistics snapshot={snapshot} dataset={dataset} />
      </Section>
      <Section title={t('snapshots.files')}>
        <SnapshotFiles snapshot={snapshot} />
      </Section>
    </>
  );
}

function Unfinished({ snapshot, dataset }: { snapshot: Snapshot; dataset: Dataset }) {
  const t = useT();
  const { can } = useSession();
  const underWay = snapshot.status === 'queued' || snapshot.status === 'building';
  if (underWay && can('snapshots:publish'))
    return (
      <Section title={t('snapshots.underWay')}>
        <Suspense fallback={<Skeleton lines={2} />}>
          <BuildProgress snapshot={snapshot} />
        </Suspense>
      </Section>
    );
  return (
    <>
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
      {snapshot.counts !== null && (
        <Section title={t('snapshots.counts')}>
          <SnapshotCounts counts={snapshot.counts} dataset={dataset} />
        </Section>
      )}
    </>
  );
}

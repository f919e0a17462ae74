import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Snapshot, SnapshotStatus } from '@granary/contract';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { Table } from '../../../components/table.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { formatBytes, formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './snapshots.css';

const tones: Record<SnapshotStatus, Tone> = {
  queued: 'neutral',
  building: 'info',
  published: 'positive',
  failed: 'critical',
  cancelled: 'muted',
};

/** A snapshot's status in shape, colour and word. */
export function SnapshotStatusBadge({ status }: { status: SnapshotStatus }) {
  const t = useT();
  return <StatusBadge tone={tones[status]}>{t(`snapshots.status.${status}`)}</StatusBadge>;
}

/** The snapshots of a dataset, newest first; admins also see those that did not come to be. */
export function SnapshotList({ slug }: { slug: string }) {
  const t = useT();
  const locale = useLocale();
  const query = useInfiniteQuery(apiPages(endpoints.snapshots.list, { params: { slug } }));
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const snapshots = flatPages<Snapshot>(query.data);
  if (snapshots.length === 0) return <EmptyState title={t('snapshots.empty.title')}>{t('snapshots.empty.text')}</EmptyState>;
  return (
    <>
      <Table
        caption={t('snapshots.list')}
        rows={snapshots}
        rowKey={({ number }) => number}
        columns={[
          {
            key: 'number',
            main: true,
            header: t('snapshots.number'),
            cell: ({ number }) => <Link to={paths.snapshot.to(slug, number)}>{t('snapshots.title', { number })}</Link>,
          },
          { key: 'status', header: t('snapshots.status'), cell: ({ status }) => <SnapshotStatusBadge status={status} /> },
          {
            key: 'pairs',
            align: 'end',
            header: t('snapshots.pairs'),
            cell: ({ counts }) => (counts === null ? '–' : <NumberText value={counts.pairs} />),
          },
          {
            key: 'change',
            align: 'end',
            header: t('snapshots.change'),
            cell: (snapshot) => <Change slug={slug} snapshot={snapshot} before={publishedBefore(snapshots, snapshot)} />,
          },
          {
            key: 'bytes',
            align: 'end',
            header: t('snapshots.size'),
            cell: ({ files }) =>
              files.length === 0
                ? '–'
                : formatBytes(
                    locale,
                    files.reduce((sum, { bytes }) => sum + bytes, 0),
                  ),
          },
          { key: 'at', header: t('snapshots.date'), cell: ({ publishedAt, createdAt }) => <DateText iso={publishedAt ?? createdAt} /> },
        ]}
      />
      <LoadMore shown={snapshots.length} {...query} />
    </>
  );
}

/** The newest published one before; among those that have been loaded. */
const publishedBefore = (snapshots: readonly Snapshot[], { number }: Snapshot) =>
  snapshots.find((each) => each.number < number && each.status === 'published') ?? null;

/** How many pairs more or fewer than the one before, and the way to which. */
function Change({ slug, snapshot, before }: { slug: string; snapshot: Snapshot; before: Snapshot | null }) {
  const t = useT();
  const locale = useLocale();
  if (snapshot.status !== 'published' || before === null || snapshot.counts === null || before.counts === null) return '–';
  const difference = snapshot.counts.pairs - before.counts.pairs;
  return (
    <span className="snapshot-change">
      {formatNumber(locale, difference, { signDisplay: 'exceptZero' }).replace('-', '−')}
      <Link
        className="small"
        to={paths.changes.to(slug, snapshot.number)}
        aria-label={t('snapshots.change.see', { number: snapshot.number, before: before.number })}
      >
        {t('snapshots.change.link')}
      </Link>
    </span>
  );
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Import } from '@granary/contract';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { Table } from '../../../components/table.tsx';
import { NumberText, RelativeTime } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

const tones: Record<Import['status'], Tone> = {
  uploaded: 'neutral',
  queued: 'neutral',
  running: 'info',
  done: 'positive',
  failed: 'critical',
  cancelled: 'muted',
};

/** An import's status in shape, colour and word. */
export function ImportStatus({ status }: { status: Import['status'] }) {
  const t = useT();
  return <StatusBadge tone={tones[status]}>{t(`imports.status.${status}`)}</StatusBadge>;
}

/** Earlier imports of a dataset, newest first. */
export function ImportList({ slug }: { slug: string }) {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.imports.list, { params: { slug } }));
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const imports = flatPages<Import>(query.data);
  if (imports.length === 0) return <EmptyState title={t('imports.list.empty')}>{t('imports.list.emptyText')}</EmptyState>;
  return (
    <>
      <Table
        caption={t('imports.list')}
        rows={imports}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'file',
            main: true,
            header: t('imports.file'),
            cell: ({ id, fileName }) => <Link to={paths.import.to(id)}>{fileName}</Link>,
          },
          { key: 'status', header: t('imports.status'), cell: ({ status }) => <ImportStatus status={status} /> },
          { key: 'added', align: 'end', header: t('imports.added'), cell: ({ added }) => <NumberText value={added} /> },
          { key: 'duplicates', align: 'end', header: t('imports.duplicates'), cell: ({ duplicates }) => <NumberText value={duplicates} /> },
          { key: 'bad', align: 'end', header: t('imports.bad'), cell: ({ bad }) => <NumberText value={bad} /> },
          { key: 'at', header: t('imports.at'), cell: ({ createdAt }) => <RelativeTime iso={createdAt} /> },
        ]}
      />
      <LoadMore shown={imports.length} {...query} />
    </>
  );
}

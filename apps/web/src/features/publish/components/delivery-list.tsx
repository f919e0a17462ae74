import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Delivery, Webhook } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { Table, type Column } from '../../../components/table.tsx';
import { NumberText, RelativeTime } from '../../../components/text-values.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiPages, apiQueryKey, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { isUnderWay, lookEveryMs } from '../under-way.ts';

const tones: Record<Delivery['status'], Tone> = { pending: 'info', delivered: 'positive', failed: 'critical' };

export function DeliveryBadge({ delivery }: { delivery: Delivery }) {
  const t = useT();
  return <StatusBadge tone={tones[delivery.status]}>{t(`publish.delivery.${delivery.status}`)}</StatusBadge>;
}

/** What was sent to a webhook, newest first, and the way to send it again. */
export function DeliveryList({ slug, webhook }: { slug: string; webhook: Webhook }) {
  const t = useT();
  const client = useQueryClient();
  const query = useInfiniteQuery({
    ...apiPages(endpoints.publishing.deliveries, { params: { slug, id: webhook.id }, query: { limit: 10 } }),
    refetchInterval: ({ state }) => (flatPages(state.data).some(isUnderWay) ? lookEveryMs : false),
  });
  const again = useMutation({
    mutationFn: (id: string) => callApi(endpoints.publishing.redeliver, { params: { slug, id } }),
    onSuccess: () =>
      Promise.all(
        [endpoints.publishing.webhooks, endpoints.publishing.deliveries].map((endpoint) =>
          client.invalidateQueries({ queryKey: apiQueryKey(endpoint) }),
        ),
      ),
  });
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const rows = flatPages(query.data);
  const columns: Column<Delivery>[] = [
    {
      key: 'what',
      header: t('publish.delivery.what'),
      main: true,
      cell: ({ event, snapshot }) => (event === 'ping' ? t('publish.delivery.ping') : t('publish.snapshot', { number: snapshot ?? 0 })),
    },
    { key: 'status', header: t('publish.delivery.status'), cell: (row) => <DeliveryBadge delivery={row} /> },
    { key: 'attempts', header: t('publish.delivery.attempts'), align: 'end', cell: ({ attempts }) => <NumberText value={attempts} /> },
    {
      key: 'last',
      header: t('publish.delivery.last'),
      cell: ({ lastAttemptAt, error, httpStatus }) => (
        <>
          {lastAttemptAt === null ? '–' : <RelativeTime iso={lastAttemptAt} />}
          {error !== null && <span className="small soft publish-error"> {error}</span>}
          {error === null && httpStatus !== null && (
            <span className="small soft"> {t('publish.delivery.answer', { status: String(httpStatus) })}</span>
          )}
        </>
      ),
    },
    {
      key: 'next',
      header: t('publish.delivery.next'),
      cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? '–' : <RelativeTime iso={nextAttemptAt} />),
    },
    {
      key: 'again',
      header: t('publish.delivery.again'),
      cell: ({ id }) => (
        <Button size="small" busy={again.isPending && again.variables === id} onClick={() => again.mutate(id)}>
          {t('publish.delivery.sendAgain')}
        </Button>
      ),
    },
  ];
  return (
    <div className="stack gap-3">
      <Table caption={t('publish.deliveries')} columns={columns} rows={rows} rowKey={({ id }) => id} />
      {again.isError && <ErrorState error={again.error} />}
      <LoadMore shown={rows.length} {...query} />
    </div>
  );
}

import { useQuery, type UseQueryOptions } from '@tanstack/react-query';
import type { EndpointOutput, Reliability, endpoints as contract } from '@granary/contract';
import { Disclosure } from '../../../components/disclosure.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Table } from '../../../components/table.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber, formatShare } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { AgreementByMonth } from './agreement-by-month.tsx';

/** How my own reviews met the decisions; nobody else but moderators sees it. */
export function MyReliability() {
  const t = useT();
  return (
    <ReliabilityQuery
      options={apiQuery(endpoints.reliability.mine)}
      empty={t('reliability.mine.empty')}
      hint={t('reliability.mine.hint')}
    />
  );
}

/** The same of somebody else, for moderators. */
export function UserReliability({ userId }: { userId: string }) {
  const t = useT();
  const options = apiQuery(endpoints.reliability.ofUser, { params: { id: userId } });
  return <ReliabilityQuery options={options} empty={t('reliability.user.empty')} hint={t('reliability.user.hint')} />;
}

type Answer = EndpointOutput<(typeof contract)['reliability']['mine']>;

function ReliabilityQuery({ options, empty, hint }: { options: UseQueryOptions<Answer>; empty: string; hint: string }) {
  const t = useT();
  const locale = useLocale();
  const query = useQuery(options);
  if (query.isPending) return <ListSkeleton rows={1} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (query.data.items.length === 0) return <EmptyState title={t('reliability.empty')}>{empty}</EmptyState>;
  const share = (value: number | null) => (value === null ? '–' : formatShare(locale, value));
  return (
    <div className="stack">
      <Table<Reliability>
        caption={t('reliability.title')}
        rowKey={({ datasetSlug }) => datasetSlug}
        rows={query.data.items}
        columns={[
          { key: 'dataset', header: t('reliability.dataset'), cell: (row) => row.datasetTitle, main: true },
          { key: 'reviews', header: t('reliability.reviews'), cell: (row) => <NumberText value={row.reviews} />, align: 'end' },
          { key: 'agreement', header: t('reliability.agreed'), cell: (row) => share(row.agreement), align: 'end' },
          { key: 'approvesGood', header: t('reliability.approvesGood'), cell: (row) => share(row.approvesGood), align: 'end' },
          {
            key: 'calibration',
            header: t('reliability.calibration'),
            cell: ({ calibration: { answered, met } }) =>
              answered === 0 ? '–' : `${formatNumber(locale, met)} / ${formatNumber(locale, answered)}`,
            align: 'end',
          },
          { key: 'catchesBad', header: t('reliability.catchesBad'), cell: (row) => share(row.catchesBad), align: 'end' },
        ]}
      />
      <p className="small soft measure">{hint}</p>
      {query.data.items.map(
        ({ datasetSlug, datasetTitle, withOthers }) =>
          withOthers !== null &&
          withOthers.revisions > 0 && (
            <Disclosure key={datasetSlug} summary={t('reliability.withOthers', { dataset: datasetTitle })}>
              <AgreementByMonth title={t('reliability.withOthers', { dataset: datasetTitle })} months={withOthers.byMonth} />
            </Disclosure>
          ),
      )}
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { Dataset, ReviewPolicy } from '@granary/contract';
import { ErrorState } from '../../../components/error-state.tsx';
import { Notice } from '../../../components/notice.tsx';
import { ScatterPlot } from '../../../components/scatter-plot.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Table } from '../../../components/table.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT, type Translate } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { alternatives, assumedReviewers, type Forecast } from '../forecast.ts';
import { useForecasts } from '../use-forecasts.ts';

/** What a policy would cost and err with the present reviewers, before it is saved; held against others. */
export function PolicyForecast({ dataset, policy }: { dataset: Dataset; policy: ReviewPolicy }) {
  const t = useT();
  const locale = useLocale();
  const query = useQuery(apiQuery(endpoints.reliability.crowd, { params: { slug: dataset.slug } }));
  const changed = JSON.stringify(policy) !== JSON.stringify(dataset.policy);
  const policies = [
    ...alternatives(policy),
    { key: 'present', policy: dataset.policy },
    ...(changed && isWhole(policy) ? [{ key: 'edited', policy }] : []),
  ];
  const { forecasts, failed } = useForecasts(policies, query.data);
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (failed) return <Notice tone="warning" title={t('reliability.forecast.failed')} />;
  if (query.isPending || forecasts === null) return <ListSkeleton rows={2} />;
  const number = (value: number) => formatNumber(locale, value, { maximumFractionDigits: 1 });
  const percent = (value: number) => formatNumber(locale, value, { style: 'percent', maximumFractionDigits: 1 });
  const sorted = forecasts.toSorted((one, other) => one.result.reviewsPerEntry - other.result.reviewsPerEntry);
  const { reviewers } = query.data;
  return (
    <div className="stack">
      <p className="small soft measure">
        {reviewers.length === 0
          ? t('reliability.forecast.assumed', { n: assumedReviewers })
          : t('reliability.forecast.crowd', { n: reviewers.length })}
      </p>
      <ScatterPlot
        title={t('reliability.forecast.plot')}
        x={{ title: t('reliability.forecast.reviews'), format: number }}
        y={{ title: t('reliability.forecast.wrong'), format: percent }}
        points={sorted.map(({ key, policy: played, result }) => ({
          key,
          x: result.reviewsPerEntry,
          y: result.errorRate,
          label: nameOf(t, key, played),
          tone: key === 'edited' ? 'accent' : key === 'present' ? 'strong' : 'quiet',
        }))}
      />
      <Table<Forecast>
        caption={t('reliability.forecast.plot')}
        rows={sorted}
        rowKey={({ key }) => key}
        columns={[
          { key: 'policy', header: t('reliability.forecast.policy'), cell: (row) => nameOf(t, row.key, row.policy), main: true },
          { key: 'reviews', header: t('reliability.forecast.reviews'), cell: ({ result }) => number(result.reviewsPerEntry), align: 'end' },
          { key: 'wrong', header: t('reliability.forecast.wrong'), cell: ({ result }) => percent(result.errorRate), align: 'end' },
          { key: 'moderator', header: t('reliability.forecast.moderator'), cell: ({ result }) => percent(result.escalated), align: 'end' },
        ]}
      />
      <p className="small soft measure">{t('reliability.forecast.hint')}</p>
    </div>
  );
}

/** A field that is being typed in may hold nothing. */
const isWhole = (policy: ReviewPolicy) => Object.values(policy).every((value) => !Number.isNaN(value));

function nameOf(t: Translate, key: string, policy: ReviewPolicy): string {
  if (key === 'present') return t('reliability.forecast.present');
  if (key === 'edited') return t('reliability.forecast.edited');
  return policy.kind === 'fixed'
    ? t('reliability.forecast.counted', { n: policy.approvals })
    : t('reliability.forecast.weighed', { sure: Math.round(policy.approveAt * 100) });
}

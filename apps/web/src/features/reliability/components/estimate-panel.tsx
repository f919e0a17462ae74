import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import type { Dataset, ReliabilityEstimate } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Notice } from '../../../components/notice.tsx';
import { ProgressBar } from '../../../components/progress.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatShare } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { CalibrationPlot } from './calibration-plot.tsx';

const pollMs = 1_500;

/** The last estimate of a dataset's reviewers, and a way to make another one. */
export function EstimatePanel({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const client = useQueryClient();
  const options = apiQuery(endpoints.reliability.estimates, { params: { slug: dataset.slug } });
  const query = useQuery({
    ...options,
    refetchInterval: ({ state }) => (state.data?.items[0]?.status === 'queued' ? pollMs : false),
  });
  const request = useMutation({
    mutationFn: () => callApi(endpoints.reliability.estimate, { params: { slug: dataset.slug } }),
    onSettled: () => client.invalidateQueries({ queryKey: options.queryKey }),
  });
  if (query.isPending) return <ListSkeleton rows={1} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const [newest] = query.data.items;
  const queued = newest?.status === 'queued';
  const done = query.data.items.find(({ status }) => status === 'done');
  return (
    <div className="stack">
      <p className="soft measure">{t('reliability.estimate.text')}</p>
      {newest === undefined && <EmptyState title={t('reliability.estimate.none')}>{t('reliability.estimate.noneText')}</EmptyState>}
      {newest?.status === 'failed' && (
        <Notice tone="critical" title={t('reliability.estimate.failed')}>
          {newest.error}
        </Notice>
      )}
      {done !== undefined && <EstimateFacts estimate={done} />}
      {done?.converged === false && (
        <Notice tone="warning" title={t('reliability.estimate.unconverged')}>
          {t('reliability.estimate.unconvergedText', { rounds: done.rounds })}
        </Notice>
      )}
      {done?.calibration && <CalibrationPlot bins={done.calibration} />}
      {queued && <ProgressBar label={t('reliability.estimate.running')} share={null} />}
      {request.isError && <ErrorState error={request.error} />}
      <div>
        <Button icon={<Scale aria-hidden />} busy={request.isPending} disabled={queued} onClick={() => request.mutate()}>
          {t('reliability.estimate.start')}
        </Button>
      </div>
    </div>
  );
}

function EstimateFacts({ estimate }: { estimate: ReliabilityEstimate }) {
  const t = useT();
  const locale = useLocale();
  const { verdicts, reviewers, revisions, approvalShare, finishedAt } = estimate;
  return (
    <p role="status">
      {t('reliability.estimate.facts', { verdicts, reviewers, revisions })}{' '}
      {approvalShare !== null && t('reliability.estimate.share', { share: formatShare(locale, approvalShare) })}{' '}
      {finishedAt !== null && (
        <span className="faint">
          <RelativeTime iso={finishedAt} />
        </span>
      )}
    </p>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { Import } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { useConfirm } from '../../../components/confirm.tsx';
import { DescriptionList } from '../../../components/description-list.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Notice } from '../../../components/notice.tsx';
import { ProgressBar } from '../../../components/progress.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { apiUrl, callApi, endpoints } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { formatBytes } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { useProgress } from '../../../lib/use-progress.ts';
import { ImportStatus } from './import-list.tsx';
import './imports.css';

type Progress = Pick<
  Import,
  'status' | 'linesDone' | 'bytesDone' | 'bytes' | 'added' | 'duplicates' | 'revised' | 'normalised' | 'bad' | 'error'
>;
const isOver = ({ status }: Progress) => status !== 'queued' && status !== 'running';

/** How far an import has come, or how it ended, with the report of the rows that were not taken. */
export function ImportProgress({ item }: { item: Import }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const confirm = useConfirm();
  const params = { id: item.id };
  const refresh = () =>
    Promise.all(
      [endpoints.imports.get, endpoints.imports.list, endpoints.datasets.get, endpoints.datasets.list, endpoints.pairs.list].map(
        (endpoint) => client.invalidateQueries({ queryKey: apiQueryKey(endpoint) }),
      ),
    );
  const { state, lost } = useProgress<Progress>(
    isOver(item) ? null : apiUrl(endpoints.imports.events, { params }),
    isOver,
    () => void refresh(),
  );
  const cancel = useMutation({ mutationFn: () => callApi(endpoints.imports.cancel, { params }), onSuccess: refresh });
  const now: Progress = state ?? item;
  async function stop(): Promise<void> {
    if (
      await confirm({ title: t('imports.cancel.title'), body: t('imports.cancel.text'), confirmLabel: t('imports.cancel'), danger: true })
    )
      cancel.mutate();
  }
  return (
    <div className="stack">
      <p className="cluster import-state">
        <ImportStatus status={now.status} />
        <span className="small soft">{formatBytes(locale, item.bytes)}</span>
      </p>
      {!isOver(now) && (
        <>
          <ProgressBar
            label={t(now.status === 'queued' ? 'imports.queued' : 'imports.running')}
            share={now.status === 'queued' || now.bytes === 0 ? null : now.bytesDone / now.bytes}
            detail={t('imports.bytes', { done: formatBytes(locale, now.bytesDone), total: formatBytes(locale, now.bytes) })}
          />
          <div className="cluster between">
            <span className="small soft">{t(lost ? 'imports.lost' : 'imports.mayLeave')}</span>
            <Button size="small" busy={cancel.isPending} onClick={() => void stop()}>
              {t('imports.cancel')}
            </Button>
          </div>
        </>
      )}
      {now.status === 'done' && (
        <Notice tone="positive" live title={t('imports.done', { n: now.added + now.revised })}>
          {now.bad > 0 && t('imports.doneBad', { n: now.bad })}
        </Notice>
      )}
      {now.status === 'failed' && (
        <Notice tone="critical" live title={t('imports.failed')}>
          {now.error}
        </Notice>
      )}
      {now.status === 'cancelled' && (
        <Notice live title={t('imports.cancelled')}>
          {t('imports.cancelledText')}
        </Notice>
      )}
      <DescriptionList
        items={[
          { term: t('imports.lines'), value: <NumberText value={now.linesDone} /> },
          { term: t('imports.added'), value: <NumberText value={now.added} /> },
          { term: t('imports.duplicates'), value: <NumberText value={now.duplicates} /> },
          { term: t('imports.revised'), value: <NumberText value={now.revised} /> },
          ...(now.normalised > 0 ? [{ term: t('imports.normalised'), value: <NumberText value={now.normalised} /> }] : []),
          { term: t('imports.bad'), value: <NumberText value={now.bad} /> },
        ]}
      />
      <div className="cluster">
        {isOver(now) && now.bad + now.normalised > 0 && (
          <a className="button button-secondary" href={apiUrl(endpoints.imports.report, { params })} download>
            <Download aria-hidden />
            {t('imports.report')}
          </a>
        )}
        {now.status === 'done' && <LinkButton to={paths.dataset.to(item.datasetSlug)}>{t('imports.dataset')}</LinkButton>}
      </div>
      {cancel.isError && <ErrorState error={cancel.error} />}
    </div>
  );
}

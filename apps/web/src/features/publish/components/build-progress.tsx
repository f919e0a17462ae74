import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Snapshot } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { useConfirm } from '../../../components/confirm.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Notice } from '../../../components/notice.tsx';
import { ProgressBar } from '../../../components/progress.tsx';
import { paths } from '../../../config/paths.ts';
import { apiUrl, callApi, endpoints } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { useProgress } from '../../../lib/use-progress.ts';

type Progress = Pick<Snapshot, 'status' | 'stage' | 'rowsDone' | 'rowsTotal' | 'error'>;
const isOver = ({ status }: Progress) => status !== 'queued' && status !== 'building';

/** Whether a snapshot is still on its way. */
export const isUnderWay = (snapshot: Snapshot) => !isOver(snapshot);

/** A snapshot being built, as it goes, and the way to stop it. Picks up a build that began before the page was opened. */
export function BuildProgress({ snapshot }: { snapshot: Snapshot }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const confirm = useConfirm();
  const params = { slug: snapshot.datasetSlug, number: snapshot.number };
  const refresh = () =>
    Promise.all(
      [endpoints.snapshots.list, endpoints.snapshots.get, endpoints.datasets.get, endpoints.datasets.list].map((endpoint) =>
        client.invalidateQueries({ queryKey: apiQueryKey(endpoint) }),
      ),
    );
  const { state, lost } = useProgress<Progress>(
    isOver(snapshot) ? null : apiUrl(endpoints.snapshots.events, { params }),
    isOver,
    () => void refresh(),
  );
  const now = state ?? snapshot;
  const cancel = useMutation({ mutationFn: () => callApi(endpoints.snapshots.cancel, { params }), onSuccess: refresh });
  async function stop(): Promise<void> {
    if (
      await confirm({ title: t('publish.cancel.title'), body: t('publish.cancel.text'), confirmLabel: t('publish.cancel'), danger: true })
    )
      cancel.mutate();
  }
  const name = t('publish.snapshot', { number: snapshot.number });
  if (now.status === 'published') {
    return (
      <Notice
        tone="positive"
        live
        title={t('publish.done', { name })}
        action={
          <LinkButton size="small" to={paths.snapshot.to(snapshot.datasetSlug, snapshot.number)}>
            {t('publish.open')}
          </LinkButton>
        }
      />
    );
  }
  if (now.status === 'failed') {
    return (
      <Notice tone="critical" live title={t('publish.failed', { name })}>
        {now.error}
      </Notice>
    );
  }
  if (now.status === 'cancelled') return <Notice live title={t('publish.cancelled', { name })} />;
  const known = now.stage === 'writing' && now.rowsTotal > 0;
  return (
    <div className="stack gap-3">
      <ProgressBar
        label={`${name}: ${t(now.status === 'queued' ? 'publish.stage.queued' : `publish.stage.${now.stage}`)}`}
        share={known ? now.rowsDone / now.rowsTotal : null}
        detail={
          known ? t('publish.rows', { done: formatNumber(locale, now.rowsDone), total: formatNumber(locale, now.rowsTotal) }) : undefined
        }
      />
      <div className="cluster between">
        <span className="small soft">{lost ? t('publish.lost') : t('publish.mayLeave')}</span>
        <Button size="small" busy={cancel.isPending} onClick={() => void stop()}>
          {t('publish.cancel')}
        </Button>
      </div>
      {cancel.isError && <ErrorState error={cancel.error} />}
    </div>
  );
}

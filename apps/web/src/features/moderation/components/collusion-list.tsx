import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import type { CollusionFlag } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Badge } from '../../../components/status-badge.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { useRefresh } from '../use-refresh.ts';
import { CaseList } from './case-list.tsx';
import { PersonLink } from './person-link.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import './moderation.css';

/** Accounts that meet over texts more often than chance allows, with the evidence; open suspicions only, the log has the others. */
export function CollusionList() {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.moderation.collusion, { query: { status: 'open' } }));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<CollusionFlag>(query.data);
  if (items.length === 0) return <EmptyState title={t('moderation.collusion.empty')}>{t('moderation.collusion.emptyText')}</EmptyState>;
  return (
    <div className="stack">
      <p className="small soft measure">{t('moderation.collusion.text')}</p>
      <CaseList label={t('moderation.collusion.title')} shown={items.length} pages={query}>
        {(onClosed) => items.map((item) => <Suspicion key={item.id} item={item} onClosed={onClosed} />)}
      </CaseList>
    </div>
  );
}

function Suspicion({ item, onClosed }: { item: CollusionFlag; onClosed: () => void }) {
  const t = useT();
  const locale = useLocale();
  const { evidence, people, kind } = item;
  const [one, other] = people;
  return (
    <li className="case">
      <div className="case-head">
        <Badge>{item.datasetTitle}</Badge>
        <span className="small faint">
          <RelativeTime iso={item.createdAt} />
        </span>
      </div>
      <p>
        <PersonLink person={one} /> · <PersonLink person={other} />
      </p>
      <p className="measure">
        {t(`moderation.collusion.${kind}`, {
          meetings: evidence.meetings,
          expected: formatNumber(locale, evidence.expected, { maximumFractionDigits: 1 }),
          approvals: evidence.approvals,
        })}{' '}
        {evidence.mutual && t('moderation.collusion.mutual')}{' '}
        {t('moderation.collusion.chance', { power: formatNumber(locale, Math.floor(-evidence.log10Probability)) })}
      </p>
      <Resolution id={item.id} onClosed={onClosed} />
    </li>
  );
}

function Resolution({ id, onClosed }: { id: string; onClosed: () => void }) {
  const t = useT();
  const refresh = useRefresh('user');
  const [asked, setAsked] = useState<'upheld' | 'dismissed' | null>(null);
  const chosen = asked ?? 'dismissed';
  return (
    <div className="cluster gap-2">
      <Button size="small" icon={<Check aria-hidden />} onClick={() => setAsked('upheld')}>
        {t('moderation.collusion.uphold')}
      </Button>
      <Button size="small" icon={<X aria-hidden />} onClick={() => setAsked('dismissed')}>
        {t('moderation.collusion.dismiss')}
      </Button>
      <ReasonDialog
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={t(`moderation.collusion.ask.${chosen}`)}
        text={t(`moderation.collusion.askText.${chosen}`)}
        hint={t('moderation.reason.log')}
        submitLabel={t(chosen === 'upheld' ? 'moderation.collusion.uphold' : 'moderation.collusion.dismiss')}
        act={(reason) => callApi(endpoints.moderation.resolveCollusion, { params: { id }, body: { resolution: chosen, reason } })}
        onDone={async () => {
          toast({ tone: 'positive', text: t('moderation.collusion.done') });
          await refresh();
          onClosed();
        }}
      />
    </div>
  );
}

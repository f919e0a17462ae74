import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Check, Flag as FlagIcon, ScrollText, X } from 'lucide-react';
import { Link } from 'react-router';
import type { EndpointOutput, Flag, endpoints as contract } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { Checkbox, SegmentedControl } from '../../../components/choice.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { toast } from '../../../components/toast.tsx';
import { paths } from '../../../config/paths.ts';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { oneOf, useFilters } from '../use-filters.ts';
import { useRefresh } from '../use-refresh.ts';
import { CaseList } from './case-list.tsx';
import { CaseText } from './case-text.tsx';
import { EntryStatus } from '../../../vocabulary/entry-status.tsx';
import { PersonLink } from './person-link.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import './moderation.css';

const flagStatuses = ['open', 'upheld', 'dismissed'] as const;
type FlaggedEntry = EndpointOutput<(typeof contract)['moderation']['flagged']>['items'][number];

/** Entries that readers reported, the longest waiting first; open reports unless the address says otherwise. */
export function FlaggedList() {
  const t = useT();
  const filters = useFilters();
  const status = oneOf(flagStatuses, filters.get('status')) ?? 'open';
  return (
    <div className="stack">
      <SegmentedControl
        legend={t('moderation.flagged.status')}
        hideLegend
        value={status}
        onChange={(next) => filters.set('status', next === 'open' ? '' : next)}
        options={flagStatuses.map((value) => ({ value, label: t(`moderation.flagStatus.${value}`) }))}
      />
      <FlaggedEntries status={status} />
    </div>
  );
}

function FlaggedEntries({ status }: { status: (typeof flagStatuses)[number] }) {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.moderation.flagged, { query: { status } }));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<FlaggedEntry>(query.data);
  if (items.length === 0) {
    return (
      <EmptyState
        title={t(`moderation.flagged.empty.${status}`)}
        action={<LinkButton to={paths.browse.to()}>{t('moderation.browse')}</LinkButton>}
      >
        {t('moderation.flagged.emptyText')}
      </EmptyState>
    );
  }
  return (
    <CaseList label={t('moderation.flagged.title')} shown={items.length} pages={query}>
      {(onClosed) => items.map((item) => <FlaggedCase key={item.entry.id} item={item} onClosed={onClosed} />)}
    </CaseList>
  );
}

function FlaggedCase({ item: { entry, instruction, flags }, onClosed }: { item: FlaggedEntry; onClosed: () => void }) {
  const t = useT();
  const isOpen = flags.some((flag) => flag.status === 'open');
  return (
    <li className="case">
      <div className="case-head">
        <EntryStatus status={entry.status} />
        {entry.author !== null && (
          <span className="small faint">
            {t('moderation.log.by')} <PersonLink person={entry.author} />
          </span>
        )}
      </div>
      <CaseText entry={entry} instruction={instruction} />
      <ul className="case-flags" aria-label={t('moderation.flagged.reports')}>
        {flags.map((flag) => (
          <FlagLine key={flag.id} flag={flag} entry={entry} />
        ))}
      </ul>
      <div className="cluster gap-2">
        {isOpen && <Resolution entryId={entry.id} retracted={entry.status === 'retracted'} onClosed={onClosed} />}
        <LinkButton size="small" variant="quiet" icon={<ScrollText aria-hidden />} to={paths.eventLog.to({ entryId: entry.id })}>
          {t('moderation.log.title')}
        </LinkButton>
      </div>
    </li>
  );
}

/** One report: what is wrong, who says so, and what a moderator made of it. */
function FlagLine({ flag, entry }: { flag: Flag; entry: FlaggedEntry['entry'] }) {
  const t = useT();
  return (
    <li>
      <FlagIcon aria-hidden />
      <div className="stack gap-1">
        <p>
          <strong>{t(`vocabulary.flagReason.${flag.reason}`)}</strong>{' '}
          <span className="small faint">
            {t('moderation.log.by')} <PersonLink person={flag.reporter} /> · <RelativeTime iso={flag.createdAt} />
            {flag.snapshot !== null && (
              <>
                {' '}
                ·{' '}
                <Link to={paths.row.to(entry.datasetSlug, flag.snapshot, entry.id)}>
                  {t('moderation.flagged.inSnapshot', { number: flag.snapshot })}
                </Link>
              </>
            )}
          </span>
        </p>
        {flag.note !== null && <blockquote>{flag.note}</blockquote>}
        {flag.status !== 'open' && (
          <p className="small soft">
            {t(`moderation.flagStatus.${flag.status}`)}
            {flag.resolver !== null && (
              <>
                {' '}
                {t('moderation.log.by')} <PersonLink person={flag.resolver} />
              </>
            )}
            {flag.resolution !== null && `: ${flag.resolution}`}
          </p>
        )}
      </div>
    </li>
  );
}

function Resolution({ entryId, retracted, onClosed }: { entryId: string; retracted: boolean; onClosed: () => void }) {
  const t = useT();
  const refresh = useRefresh('entry');
  const [chosen, setChosen] = useState<'upheld' | 'dismissed'>('upheld');
  const [open, setOpen] = useState(false);
  const [retract, setRetract] = useState(false);
  const takesAway = chosen === 'upheld' && retract;
  function ask(resolution: typeof chosen): void {
    setChosen(resolution);
    setOpen(true);
  }
  return (
    <>
      <Button size="small" icon={<Check aria-hidden />} onClick={() => ask('upheld')}>
        {t('moderation.flags.uphold')}
      </Button>
      <Button size="small" icon={<X aria-hidden />} onClick={() => ask('dismissed')}>
        {t('moderation.flags.dismiss')}
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={t(`moderation.flags.ask.${chosen}`)}
        text={t(`moderation.flags.text.${chosen}`)}
        hint={t(takesAway ? 'moderation.reason.public' : 'moderation.reason.log')}
        submitLabel={t(takesAway ? 'moderation.flags.do.retract' : `moderation.flags.do.${chosen}`)}
        danger={takesAway}
        act={(reason) =>
          callApi(endpoints.moderation.resolveFlags, { params: { id: entryId }, body: { resolution: chosen, reason, retract: takesAway } })
        }
        onDone={async () => {
          toast({ tone: 'positive', text: t(`moderation.flags.done.${chosen}`) });
          await refresh();
          onClosed();
        }}
      >
        {chosen === 'upheld' && !retracted && (
          <Checkbox
            label={t('moderation.flags.retract')}
            hint={t('moderation.flags.retractHint')}
            checked={retract}
            onChange={(event) => setRetract(event.target.checked)}
          />
        )}
      </ReasonDialog>
    </>
  );
}

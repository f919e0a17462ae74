import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Check, PencilLine, ScrollText, X } from 'lucide-react';
import type { EndpointOutput, Entry, Verdict, endpoints as contract } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton, Skeleton } from '../../../components/skeleton.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { DateText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, apiQuery, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { CaseList } from './case-list.tsx';
import { CaseText } from './case-text.tsx';
import { EntryActs } from './entry-moderation.tsx';
import { PersonLink } from './person-link.tsx';
import './moderation.css';

type EscalatedEntry = EndpointOutput<(typeof contract)['moderation']['escalated']>['items'][number];

/** Entries whose reviews agree on nothing, the longest waiting first, each with what the reviewers said. */
export function EscalatedList() {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.moderation.escalated));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<EscalatedEntry>(query.data);
  if (items.length === 0) {
    return (
      <EmptyState title={t('moderation.escalated.empty')} action={<LinkButton to={paths.review.to()}>{t('moderation.review')}</LinkButton>}>
        {t('moderation.escalated.emptyText')}
      </EmptyState>
    );
  }
  return (
    <CaseList label={t('moderation.escalated.title')} shown={items.length} pages={query}>
      {(onClosed) => items.map((item) => <EscalatedCase key={item.entry.id} item={item} onClosed={onClosed} />)}
    </CaseList>
  );
}

function EscalatedCase({ item: { entry, instruction, escalatedAt }, onClosed }: { item: EscalatedEntry; onClosed: () => void }) {
  const t = useT();
  return (
    <li className="case">
      <p className="small faint">
        {entry.author !== null && (
          <>
            {t('moderation.log.by')} <PersonLink person={entry.author} /> ·{' '}
          </>
        )}
        {t('moderation.escalated.since')} <DateText iso={escalatedAt} />
      </p>
      <CaseText entry={entry} instruction={instruction} />
      <Disagreement entry={entry} />
      <div className="cluster gap-2">
        <EntryActs entry={entry} acts={['approve', 'reject']} onDone={onClosed} />
        <LinkButton size="small" variant="quiet" icon={<ScrollText aria-hidden />} to={paths.eventLog.to({ entryId: entry.id })}>
          {t('moderation.log.title')}
        </LinkButton>
      </div>
    </li>
  );
}

const looks: Record<Verdict, { tone: Tone; icon: typeof Check }> = {
  approve: { tone: 'positive', icon: Check },
  reject: { tone: 'critical', icon: X },
  request_changes: { tone: 'warning', icon: PencilLine },
};

/** What each reviewer found in the version that is to be decided. */
function Disagreement({ entry }: { entry: Entry }) {
  const t = useT();
  const query = useQuery(apiQuery(endpoints.entries.get, { params: { id: entry.id } }));
  if (query.isPending) return <Skeleton lines={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const reviews = query.data.reviews.filter(({ revisionNumber }) => revisionNumber === entry.revision.number);
  return (
    <ul className="case-reviews" aria-label={t('moderation.escalated.reviews')}>
      {reviews.map((review) => (
        <li key={`${review.createdAt}${review.verdict}`}>
          <StatusBadge {...looks[review.verdict]}>{t(`vocabulary.verdict.${review.verdict}`)}</StatusBadge>
          <div className="soft">
            {review.reason !== null && <strong>{t(`vocabulary.rejectReason.${review.reason}`)}</strong>} {review.note}
          </div>
        </li>
      ))}
    </ul>
  );
}

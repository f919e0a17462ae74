import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import type { EndpointOutput, endpoints as contract } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { DateText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { CaseList } from './case-list.tsx';
import { CaseText } from './case-text.tsx';
import { Disagreement } from './disagreement.tsx';
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

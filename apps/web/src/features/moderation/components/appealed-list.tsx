import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import type { EndpointOutput, endpoints as contract } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
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

type AppealedEntry = EndpointOutput<(typeof contract)['moderation']['appealed']>['items'][number];

/** Entries whose authors object to the decision, the longest waiting first: what they say, and what the reviewers said. */
export function AppealedList() {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.moderation.appealed));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<AppealedEntry>(query.data);
  if (items.length === 0) return <EmptyState title={t('moderation.appealed.empty')}>{t('moderation.appealed.emptyText')}</EmptyState>;
  return (
    <CaseList label={t('moderation.appealed.title')} shown={items.length} pages={query}>
      {(onClosed) => items.map((item) => <AppealedCase key={item.entry.id} item={item} onClosed={onClosed} />)}
    </CaseList>
  );
}

function AppealedCase({ item: { entry, instruction, appeal }, onClosed }: { item: AppealedEntry; onClosed: () => void }) {
  const t = useT();
  return (
    <li className="case">
      <p className="small faint">
        {entry.author !== null && (
          <>
            {t('moderation.log.by')} <PersonLink person={entry.author} /> ·{' '}
          </>
        )}
        <RelativeTime iso={appeal.createdAt} />
      </p>
      <CaseText entry={entry} instruction={instruction} />
      <div>
        <p className="kicker">{t('moderation.appealed.reason')}</p>
        <blockquote>{appeal.reason}</blockquote>
      </div>
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

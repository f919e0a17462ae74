import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { EndpointOutput, endpoints as contract } from '@granary/contract';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './review-desk.css';

type Item = EndpointOutput<(typeof contract)['entries']['myProposals']>['items'][number];

/** Edits I proposed, and what became of them. */
export function ProposalList() {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.entries.myProposals));
  if (query.isPending) return <ListSkeleton rows={1} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<Item>(query.data);
  if (items.length === 0) return <p className="soft measure">{t('reviews.proposals.empty')}</p>;
  return (
    <>
      <ol className="review-list">
        {items.map((item) => (
          <li key={item.id}>
            <p>
              <Link to={paths.entry.to(item.entryId)}>{item.excerpt}</Link>
            </p>
            <p className="small soft">
              {t(`reviews.proposals.status.${item.status}`)} · <RelativeTime iso={item.closedAt ?? item.createdAt} />
            </p>
            <blockquote>{item.note}</blockquote>
            {item.reason !== null && <p className="soft">{item.reason}</p>}
          </li>
        ))}
      </ol>
      <LoadMore shown={items.length} {...query} />
    </>
  );
}

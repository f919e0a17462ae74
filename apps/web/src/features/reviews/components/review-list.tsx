import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './review-desk.css';

/** The reviews I gave, and what became of the entries. */
export function ReviewList() {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.reviews.mine));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages(query.data);
  if (items.length === 0) {
    return (
      <EmptyState
        title={t('reviews.mine.empty')}
        action={
          <LinkButton variant="primary" to={paths.review.to()}>
            {t('reviews.mine.start')}
          </LinkButton>
        }
      >
        {t('reviews.mine.emptyText')}
      </EmptyState>
    );
  }
  return (
    <>
      <ol className="review-list">
        {items.map((item) => (
          <li key={item.id}>
            <p className="serif">
              <Link to={paths.entry.to(item.entryId)}>{item.excerpt}</Link>
            </p>
            <p className="small soft">
              {t(`reviews.verdict.${item.verdict}`)} · {t('reviews.mine.now', { status: t(`vocabulary.status.${item.status}`) })} ·{' '}
              <RelativeTime iso={item.createdAt} />
            </p>
            {(item.note ?? item.reason) !== null && (
              <p className="small soft">
                {item.reason !== null && t(`vocabulary.rejectReason.${item.reason}`)} {item.note}
              </p>
            )}
          </li>
        ))}
      </ol>
      <LoadMore shown={items.length} {...query} />
    </>
  );
}

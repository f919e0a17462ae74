import { PageHeader } from '../../components/page-header.tsx';
import { ReviewList } from '../../features/reviews/components/review-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** The reviews I gave. */
export default function MyReviewsPage() {
  const t = useT();
  return (
    <>
      <PageHeader title={t('app.account.reviews')} />
      <ReviewList />
    </>
  );
}

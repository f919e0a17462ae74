import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { ReviewDesk } from '../../features/reviews/components/review-desk.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { QueuePicker } from './queue-picker.tsx';

/** The review desk; which dataset is reviewed stands in the address. */
export default function ReviewPage() {
  const t = useT();
  const [search] = useSearchParams();
  const queue = useQuery(apiQuery(endpoints.reviews.queue));
  const open = queue.data?.items.filter(({ mayReview }) => mayReview) ?? [];
  const total = open.reduce((sum, { waiting }) => sum + waiting, 0);
  const dataset = search.get('dataset') ?? undefined;
  const qualifications = open.flatMap(({ qualification }) => qualification ?? []);
  return (
    <>
      <PageHeader
        title={t('reviews.page.review.title')}
        standfirst={t('reviews.page.review.standfirst')}
        actions={
          <>
            <QueuePicker
              label={t('reviews.page.review.dataset')}
              anything={t('reviews.page.review.anything', { n: total })}
              options={open.map(({ datasetSlug: slug, datasetTitle: title, waiting: n }) => ({
                slug,
                text: t('reviews.page.review.waiting', { title, n }),
              }))}
            />
            <LinkButton to={paths.compare.to()}>{t('reviews.page.compare')}</LinkButton>
            <LinkButton to={paths.myReviews.to()}>{t('app.account.reviews')}</LinkButton>
          </>
        }
      />
      <ReviewDesk wish={{ dataset, category: search.get('category') ?? undefined }} qualifications={qualifications} />
    </>
  );
}

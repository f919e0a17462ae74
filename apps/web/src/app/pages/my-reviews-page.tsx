import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { ProposalList } from '../../features/reviews/components/proposal-list.tsx';
import { ReviewList } from '../../features/reviews/components/review-list.tsx';
import { MyReliability } from '../../features/reliability/components/reliability-table.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** The reviews I gave, and how they met what was decided. */
export default function MyReviewsPage() {
  const t = useT();
  return (
    <>
      <PageHeader title={t('app.account.reviews')} />
      <Section title={t('reliability.mine.title')}>
        <MyReliability />
      </Section>
      <Section title={t('reviews.mine.title')}>
        <ReviewList />
      </Section>
      <Section title={t('reviews.proposals.title')}>
        <ProposalList />
      </Section>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { ComparisonDesk } from '../../features/comparisons/components/comparison-desk.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { QueuePicker } from './queue-picker.tsx';

/** Which of two responses is better? Which dataset is compared stands in the address. */
export default function ComparePage() {
  const t = useT();
  const [search] = useSearchParams();
  const queue = useQuery(apiQuery(endpoints.comparisons.queue));
  const open = queue.data?.items ?? [];
  const dataset = search.get('dataset') ?? undefined;
  return (
    <>
      <PageHeader
        title={t('comparisons.title')}
        standfirst={t('comparisons.standfirst')}
        actions={
          <>
            <QueuePicker
              label={t('comparisons.dataset')}
              anything={t('comparisons.anything')}
              options={open.map(({ datasetSlug: slug, datasetTitle: title, waiting: n }) => ({
                slug,
                text: t('comparisons.waiting', { title, n }),
              }))}
            />
            <LinkButton to={paths.review.to()}>{t('app.nav.review')}</LinkButton>
          </>
        }
      />
      <ComparisonDesk dataset={dataset} />
    </>
  );
}

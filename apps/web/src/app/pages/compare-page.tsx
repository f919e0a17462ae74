import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { Select } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { ComparisonDesk } from '../../features/comparisons/components/comparison-desk.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';

/** Which of two responses is better? Which dataset is compared stands in the address. */
export default function ComparePage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
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
            {open.length > 1 && (
              <Select
                aria-label={t('comparisons.dataset')}
                value={dataset ?? ''}
                onChange={(event) => setSearch(event.target.value === '' ? {} : { dataset: event.target.value }, { replace: true })}
              >
                <option value="">{t('comparisons.anything')}</option>
                {open.map((each) => (
                  <option key={each.datasetSlug} value={each.datasetSlug}>
                    {t('comparisons.waiting', { title: each.datasetTitle, n: each.waiting })}
                  </option>
                ))}
              </Select>
            )}
            <LinkButton to={paths.review.to()}>{t('app.nav.review')}</LinkButton>
          </>
        }
      />
      <ComparisonDesk dataset={dataset} />
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Field, Select } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ListSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { ItemList } from '../../features/calibration/components/item-list.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';

/** The texts whose right verdict is known; which dataset's stands in the address. */
export default function CalibrationPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const datasets = useQuery(apiQuery(endpoints.datasets.list));
  const open = datasets.data?.items.filter(({ archived }) => !archived) ?? [];
  const slug = search.get('dataset') ?? open[0]?.slug;
  return (
    <>
      <PageHeader
        title={t('calibration.title')}
        standfirst={t('calibration.standfirst')}
        actions={<LinkButton to={paths.moderate.to()}>{t('calibration.back')}</LinkButton>}
      />
      {datasets.isPending && <ListSkeleton />}
      {datasets.isError && <ErrorState error={datasets.error} onRetry={datasets.refetch} />}
      {open.length > 1 && (
        <div className="calibration-filters">
          <Field label={t('calibration.dataset')}>
            <Select value={slug ?? ''} onChange={(event) => setSearch({ dataset: event.target.value }, { replace: true })}>
              {open.map((each) => (
                <option key={each.slug} value={each.slug}>
                  {each.title}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      )}
      {slug !== undefined && <ItemList key={slug} slug={slug} />}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { ContributorProfile } from '../../features/contributors/components/contributor-profile.tsx';
import { PairList } from '../../features/pairs/components/pair-list.tsx';
import { PairTotal } from '../../features/pairs/components/pair-total.tsx';
import { usePairFilters } from '../../features/pairs/use-pair-filters.ts';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { PageError } from './page-error.tsx';

/** Somebody's public page: what of theirs is in the corpus. */
export default function ContributorPage() {
  const t = useT();
  const { id = '' } = useParams();
  const { sort, setSort } = usePairFilters();
  const { data, error, refetch } = useQuery(apiQuery(endpoints.contributors.get, { params: { id } }));
  if (error) return <PageError error={error} onRetry={refetch} />;
  if (!data) return <PageSkeleton />;
  return (
    <>
      <PageHeader title={data.displayName} kicker={t('contributors.kicker')} />
      <div className="with-aside">
        <Section
          title={t('contributors.pairs')}
          actions={
            <LinkButton size="small" variant="quiet" to={paths.browse.to({ author: id })}>
              {t('contributors.search')}
            </LinkButton>
          }
        >
          <PairTotal filters={{ author: id }} sort={sort} onSort={setSort} />
          <PairList filters={{ author: id }} sort={sort} />
        </Section>
        <aside aria-label={t('contributors.kicker')}>
          <ContributorProfile contributor={data} />
        </aside>
      </div>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { ContributorProfile } from '../../features/contributors/components/contributor-profile.tsx';
import { PairList } from '../../features/pairs/components/pair-list.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';

/** Somebody's public page: what of theirs is in the corpus. */
export default function ContributorPage() {
  const t = useT();
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery(apiQuery(endpoints.contributors.get, { params: { id } }));
  if (error) return <ErrorState error={error} onRetry={refetch} />;
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
          <PairList filters={{ author: id }} />
        </Section>
        <aside aria-label={t('contributors.kicker')}>
          <ContributorProfile contributor={data} />
        </aside>
      </div>
    </>
  );
}

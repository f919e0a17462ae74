import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { ListSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { CategoryPicker } from '../../features/entries/components/category-picker.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import '../../features/entries/components/contribution-list.css';

/** Where writing begins: the categories of every dataset, most needed first. */
export default function ContributePage() {
  const t = useT();
  const query = useQuery(apiQuery(endpoints.datasets.list));
  const open = query.data?.items.filter(({ archived }) => !archived);
  return (
    <>
      <PageHeader
        title={t('app.contribute.title')}
        standfirst={t('app.contribute.standfirst')}
        actions={<LinkButton to={paths.myDrafts.to()}>{t('app.account.drafts')}</LinkButton>}
      />
      {query.isPending && <ListSkeleton />}
      {query.isError && <ErrorState error={query.error} onRetry={query.refetch} />}
      {open?.length === 0 && <EmptyState title={t('app.contribute.none.title')}>{t('app.contribute.none.text')}</EmptyState>}
      {open?.map(({ slug, title }) => (
        <Section
          key={slug}
          title={<Link to={paths.dataset.to(slug)}>{title}</Link>}
          actions={
            <LinkButton size="small" to={paths.openInstructions.to(slug)}>
              {t('app.contribute.open')}
            </LinkButton>
          }
        >
          <DatasetCategories slug={slug} />
        </Section>
      ))}
    </>
  );
}

function DatasetCategories({ slug }: { slug: string }) {
  const query = useQuery(apiQuery(endpoints.datasets.get, { params: { slug } }));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  return <CategoryPicker dataset={query.data} />;
}

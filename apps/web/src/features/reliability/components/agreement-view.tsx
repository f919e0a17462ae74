import { useQuery } from '@tanstack/react-query';
import type { Agreement, Dataset } from '@granary/contract';
import { DescriptionList } from '../../../components/description-list.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Section } from '../../../components/section.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Table } from '../../../components/table.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { AgreementByMonth, useAgreementColumns, useAgreementText } from './agreement-by-month.tsx';

/** How well the reviewers of a dataset agree: over all, over time, and in each category. */
export function AgreementView({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const { alpha, raw } = useAgreementText();
  const columns = useAgreementColumns();
  const query = useQuery(apiQuery(endpoints.reliability.agreement, { params: { slug: dataset.slug } }));
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const { agreement, estimatedAt } = query.data;
  if (agreement === null || estimatedAt === null)
    return <EmptyState title={t('reliability.agreement.empty')}>{t('reliability.agreement.emptyText')}</EmptyState>;
  const { overall, byMonth, byCategory } = agreement;
  const titles = new Map(dataset.categories.map(({ slug, title }) => [slug, title]));
  return (
    <div className="stack gap-6">
      <div className="measure">
        <DescriptionList
          items={[
            { term: t('reliability.agreement.alpha'), value: alpha(overall.alpha) },
            { term: t('reliability.agreement.raw'), value: raw(overall.raw) },
            { term: t('reliability.agreement.revisions'), value: <NumberText value={overall.revisions} /> },
            { term: t('reliability.agreement.at'), value: <DateText iso={estimatedAt} /> },
          ]}
        />
      </div>
      <p className="soft measure">{t('reliability.agreement.explained')}</p>
      <Section title={t('reliability.agreement.byMonth')}>
        <AgreementByMonth title={t('reliability.agreement.byMonth')} months={byMonth} />
      </Section>
      <Section title={t('reliability.agreement.byCategory')}>
        <Table
          caption={t('reliability.agreement.byCategory')}
          rows={byCategory}
          rowKey={({ category }) => category}
          columns={columns<Agreement['byCategory'][number]>({
            key: 'category',
            header: t('reliability.agreement.category'),
            cell: ({ category }) => titles.get(category) ?? category,
            main: true,
          })}
        />
      </Section>
    </div>
  );
}

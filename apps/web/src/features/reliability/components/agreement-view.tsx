import { useQuery } from '@tanstack/react-query';
import type { Agreement, Dataset } from '@granary/contract';
import { DescriptionList } from '../../../components/description-list.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LinePlot } from '../../../components/line-plot.tsx';
import { Section } from '../../../components/section.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Table, type Column } from '../../../components/table.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber, formatShare } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';

type Figures = Agreement['overall'];

/** How well the reviewers of a dataset agree: over all, over time, and in each category. */
export function AgreementView({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const locale = useLocale();
  const query = useQuery(apiQuery(endpoints.reliability.agreement, { params: { slug: dataset.slug } }));
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const { agreement, estimatedAt } = query.data;
  if (agreement === null || estimatedAt === null)
    return <EmptyState title={t('reliability.agreement.empty')}>{t('reliability.agreement.emptyText')}</EmptyState>;
  const alpha = (value: number | null) =>
    value === null ? '–' : formatNumber(locale, value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const raw = (value: number | null) => (value === null ? '–' : formatShare(locale, value));
  const columns = <Row extends Figures>(name: Column<Row>): Column<Row>[] => [
    name,
    { key: 'alpha', header: t('reliability.agreement.alpha'), cell: (row) => alpha(row.alpha), align: 'end' },
    { key: 'raw', header: t('reliability.agreement.raw'), cell: (row) => raw(row.raw), align: 'end' },
    { key: 'revisions', header: t('reliability.agreement.revisions'), cell: (row) => <NumberText value={row.revisions} />, align: 'end' },
  ];
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
        {byMonth.length > 1 && (
          <LinePlot
            title={t('reliability.agreement.byMonth')}
            labels={byMonth.map(({ month }) => month)}
            format={(value) => formatNumber(locale, value, { maximumFractionDigits: 1 })}
            series={[
              { key: 'raw', label: t('reliability.agreement.raw'), tone: 'strong', values: byMonth.map((month) => month.raw) },
              { key: 'alpha', label: t('reliability.agreement.alpha'), tone: 'accent', values: byMonth.map((month) => month.alpha) },
            ]}
          />
        )}
        <Table
          caption={t('reliability.agreement.byMonth')}
          rows={byMonth.toReversed()}
          rowKey={({ month }) => month}
          columns={columns<Agreement['byMonth'][number]>({
            key: 'month',
            header: t('reliability.agreement.month'),
            cell: ({ month }) => month,
            main: true,
          })}
        />
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

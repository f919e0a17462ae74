import type { Agreement } from '@granary/contract';
import { LinePlot } from '../../../components/line-plot.tsx';
import { Table, type Column } from '../../../components/table.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { formatNumber, formatShare } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';

type Figures = Agreement['overall'];
type Month = Agreement['byMonth'][number];

/** Both measures of agreement as text; a dash where they say nothing. */
export function useAgreementText() {
  const locale = useLocale();
  return {
    alpha: (value: number | null) =>
      value === null ? '–' : formatNumber(locale, value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    raw: (value: number | null) => (value === null ? '–' : formatShare(locale, value)),
  };
}

/** The columns that every table of agreement has, behind the one that names the row. */
export function useAgreementColumns() {
  const t = useT();
  const { alpha, raw } = useAgreementText();
  return <Row extends Figures>(name: Column<Row>): Column<Row>[] => [
    name,
    { key: 'alpha', header: t('reliability.agreement.alpha'), cell: (row) => alpha(row.alpha), align: 'end' },
    { key: 'raw', header: t('reliability.agreement.raw'), cell: (row) => raw(row.raw), align: 'end' },
    { key: 'revisions', header: t('reliability.agreement.revisions'), cell: (row) => <NumberText value={row.revisions} />, align: 'end' },
  ];
}

/** Agreement over time: the plot from two months on, and its table, newest first. */
export function AgreementByMonth({ title, months }: { title: string; months: readonly Month[] }) {
  const t = useT();
  const locale = useLocale();
  const columns = useAgreementColumns();
  return (
    <div className="stack">
      {months.length > 1 && (
        <LinePlot
          title={title}
          labels={months.map(({ month }) => month)}
          format={(value) => formatNumber(locale, value, { maximumFractionDigits: 1 })}
          series={[
            { key: 'raw', label: t('reliability.agreement.raw'), tone: 'strong', values: months.map(({ raw }) => raw) },
            { key: 'alpha', label: t('reliability.agreement.alpha'), tone: 'accent', values: months.map(({ alpha }) => alpha) },
          ]}
        />
      )}
      <Table
        caption={title}
        rows={months.toReversed()}
        rowKey={({ month }) => month}
        columns={columns<Month>({ key: 'month', header: t('reliability.agreement.month'), cell: ({ month }) => month, main: true })}
      />
    </div>
  );
}

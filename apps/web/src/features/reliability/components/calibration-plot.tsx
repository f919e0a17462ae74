import type { CalibrationBin } from '@granary/contract';
import { ScatterPlot } from '../../../components/scatter-plot.tsx';
import { Table } from '../../../components/table.tsx';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';

/** Whether decisions are as sure as they claim: the error that they claimed against the error that they had. */
export function CalibrationPlot({ bins }: { bins: readonly CalibrationBin[] }) {
  const t = useT();
  const locale = useLocale();
  const percent = (value: number) => formatNumber(locale, value, { style: 'percent', maximumFractionDigits: 1 });
  if (bins.length === 0) return <p className="small soft measure">{t('reliability.calibration.none')}</p>;
  return (
    <section className="stack" aria-label={t('reliability.calibration.title')}>
      <h3>{t('reliability.calibration.title')}</h3>
      <p className="small soft measure">{t('reliability.calibration.text')}</p>
      <ScatterPlot
        title={t('reliability.calibration.title')}
        x={{ title: t('reliability.calibration.claimed'), format: percent }}
        y={{ title: t('reliability.calibration.actual'), format: percent }}
        diagonal
        points={bins.map(({ claimedError, actualError, revisions }) => ({
          key: String(claimedError),
          x: claimedError,
          y: actualError,
          label: t('reliability.calibration.decisions', { n: revisions }),
          // Those that are sure lie close together: the table names them.
          tone: 'quiet',
        }))}
      />
      <Table<CalibrationBin>
        caption={t('reliability.calibration.title')}
        rows={bins}
        rowKey={({ claimedError }) => String(claimedError)}
        columns={[
          { key: 'claimed', header: t('reliability.calibration.claimed'), cell: ({ claimedError }) => percent(claimedError), main: true },
          { key: 'actual', header: t('reliability.calibration.actual'), cell: ({ actualError }) => percent(actualError), align: 'end' },
          {
            key: 'revisions',
            header: t('reliability.calibration.count'),
            cell: ({ revisions }) => formatNumber(locale, revisions),
            align: 'end',
          },
          { key: 'known', header: t('reliability.calibration.known'), cell: ({ known }) => formatNumber(locale, known), align: 'end' },
        ]}
      />
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import {
  languageNames,
  type Dataset,
  type Histogram as Bins,
  type Snapshot,
  type SnapshotStatistics as Statistics,
} from '@granary/contract';
import { BarList } from '../../../components/bar-list.tsx';
import { Histogram } from '../../../components/histogram.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber, formatShare } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { SnapshotCounts } from './snapshot-counts.tsx';
import './snapshots.css';

/** What is in a snapshot, as plots that come with their tables; of snapshots from before that was kept, only the counts. */
export function SnapshotStatistics({ snapshot, dataset }: { snapshot: Snapshot; dataset: Dataset }) {
  const query = useQuery({
    ...apiQuery(endpoints.snapshotStatistics.get, { params: { slug: dataset.slug, number: snapshot.number } }),
    staleTime: Infinity,
  });
  if (query.isPending) return <Skeleton />;
  const statistics = query.data?.statistics ?? null;
  if (statistics !== null) return <Plots statistics={statistics} dataset={dataset} />;
  return snapshot.counts === null ? null : <SnapshotCounts counts={snapshot.counts} dataset={dataset} />;
}

function Plots({ statistics, dataset }: { statistics: Statistics; dataset: Dataset }) {
  const t = useT();
  const locale = useLocale();
  const bars = { nameHeader: t('snapshots.name'), valueHeader: t('snapshots.pairs') };
  const number = (value: number) => formatNumber(locale, value);
  const lengths = { axis: t('snapshots.plot.characters'), edge: number };
  return (
    <div className="snapshot-plots">
      <BarList
        {...bars}
        caption={t('snapshots.byCategory')}
        bars={statistics.byCategory.map(({ category, pairs }) => ({
          key: category,
          label: dataset.categories.find(({ slug }) => slug === category)?.title ?? category,
          value: pairs,
        }))}
      />
      <div className="stack gap-5">
        <BarList
          {...bars}
          caption={t('snapshots.byLanguage')}
          bars={statistics.byLanguage.map(({ language, pairs }) => ({
            key: language,
            label: languageNames[language as keyof typeof languageNames] ?? language,
            value: pairs,
          }))}
        />
        <BarList
          {...bars}
          caption={t('snapshots.bySplit')}
          bars={statistics.bySplit.map(({ split, pairs }) => ({ key: split, label: split, value: pairs }))}
        />
      </div>
      {statistics.byLicence.length > 0 && (
        <BarList
          {...bars}
          caption={t('snapshots.byLicence')}
          bars={statistics.byLicence.map(({ licence, pairs }) => ({ key: licence, label: licence, value: pairs }))}
        />
      )}
      {statistics.bySource.length > 0 && (
        <BarList
          {...bars}
          caption={t('snapshots.bySource')}
          bars={statistics.bySource.map(({ source, pairs }) => ({
            key: source ?? '',
            label: source ?? t('snapshots.ownSource'),
            value: pairs,
          }))}
        />
      )}
      <Spread {...lengths} title={t('snapshots.plot.instructions')} bins={statistics.instructionLengths} />
      <Spread {...lengths} title={t('snapshots.plot.responses')} bins={statistics.responseLengths} />
      <Spread {...lengths} title={t('snapshots.plot.contexts')} bins={statistics.contextLengths} />
      <Spread
        title={t('snapshots.plot.agreement')}
        axis={t('snapshots.plot.share')}
        edge={(value) => formatShare(locale, value)}
        bins={statistics.agreement}
        note={
          statistics.notReviewed > 0 &&
          t('snapshots.plot.notReviewed', { n: statistics.notReviewed, pairs: number(statistics.notReviewed) })
        }
      />
      <Spread
        title={t('snapshots.plot.ratings')}
        axis={t('snapshots.plot.rating')}
        edge={number}
        bins={statistics.ratings}
        note={statistics.notRated > 0 && t('snapshots.plot.notRated', { n: statistics.notRated, pairs: number(statistics.notRated) })}
      />
      <div className="stack gap-5">
        <BarList
          {...bars}
          caption={t('snapshots.byTurn')}
          bars={statistics.byTurn.map(({ turn, pairs }) => ({ key: String(turn), label: t('snapshots.turn', { turn }), value: pairs }))}
        />
        <BarList
          {...bars}
          caption={t('snapshots.byAi')}
          bars={(['none', 'wording', 'drafted'] as const).map((help) => ({
            key: help,
            label: t(`snapshots.ai.${help}`),
            value: statistics.aiAssistance[help],
          }))}
        />
      </div>
    </div>
  );
}

type SpreadProps = { title: string; axis: string; edge: (value: number) => string; bins: Bins; note?: string | false };

/** Values in bins under their title; nothing where there are none. */
function Spread({ title, axis, edge, bins, note = false }: SpreadProps) {
  const t = useT();
  const locale = useLocale();
  if (bins.every(({ pairs }) => pairs === 0)) return null;
  return (
    <section className="stack gap-2" aria-label={title}>
      <h3 className="kicker">{title}</h3>
      <Histogram
        title={title}
        axis={axis}
        counted={t('snapshots.pairs')}
        tableLabel={t('snapshots.plot.table')}
        note={note}
        format={(value) => formatNumber(locale, value, { notation: value < 10_000 ? 'standard' : 'compact' })}
        bins={bins.map(({ from, to, pairs }) => ({
          from: edge(from),
          range:
            to === null ? t('snapshots.plot.from', { from: edge(from) }) : t('snapshots.plot.range', { from: edge(from), to: edge(to) }),
          value: pairs,
        }))}
      />
    </section>
  );
}

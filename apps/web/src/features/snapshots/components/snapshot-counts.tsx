import { languageNames, type Dataset, type SnapshotCounts as Counts } from '@granary/contract';
import { BarList } from '../../../components/bar-list.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import './snapshots.css';

/** How many pairs of each category and language. */
export function SnapshotCounts({ counts, dataset }: { counts: Counts; dataset: Dataset }) {
  const t = useT();
  return (
    <div className="snapshot-counts">
      <BarList
        caption={t('snapshots.byCategory')}
        nameHeader={t('snapshots.category')}
        valueHeader={t('snapshots.pairs')}
        bars={counts.byCategory.map(({ category, pairs }) => ({
          key: category,
          label: dataset.categories.find(({ slug }) => slug === category)?.title ?? category,
          value: pairs,
        }))}
      />
      <BarList
        caption={t('snapshots.byLanguage')}
        nameHeader={t('snapshots.language')}
        valueHeader={t('snapshots.pairs')}
        bars={counts.byLanguage.map(({ language, pairs }) => ({
          key: language,
          label: languageNames[language as keyof typeof languageNames] ?? language,
          value: pairs,
        }))}
      />
    </div>
  );
}

import { languageNames, type Dataset, type Snapshot } from '@granary/contract';
import { DescriptionList } from '../../../components/description-list.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { formatDate, formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { SnapshotStatusBadge } from './snapshot-list.tsx';

/** What the snapshot is, and what was chosen for it, in words. */
export function SnapshotFacts({ snapshot, dataset }: { snapshot: Snapshot; dataset: Dataset }) {
  const t = useT();
  const locale = useLocale();
  const { selection, counts } = snapshot;
  const list = (words: string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(words);
  return (
    <DescriptionList
      items={[
        { term: t('snapshots.status'), value: <SnapshotStatusBadge status={snapshot.status} /> },
        counts !== null && { term: t('snapshots.pairs'), value: <NumberText value={counts.pairs} /> },
        { term: t('snapshots.licence'), value: dataset.licence },
        { term: t('snapshots.date'), value: <DateText iso={snapshot.publishedAt ?? snapshot.createdAt} /> },
        {
          term: t('snapshots.categories'),
          value:
            selection.categories.length === 0
              ? t('snapshots.all')
              : list(selection.categories.map((slug) => dataset.categories.find((each) => each.slug === slug)?.title ?? slug)),
        },
        {
          term: t('snapshots.languages'),
          value:
            selection.languages.length === 0
              ? t('snapshots.all')
              : list(selection.languages.map((language) => languageNames[language as keyof typeof languageNames] ?? language)),
        },
        selection.minComparisons > 0 && {
          term: t('snapshots.minComparisons'),
          value: t('snapshots.times', { n: selection.minComparisons }),
        },
        selection.minRatings > 0 && { term: t('snapshots.minRatings'), value: t('snapshots.people', { n: selection.minRatings }) },
        selection.minRating !== null && {
          term: t('snapshots.minRating'),
          value: t(selection.ratedOnly ? 'snapshots.ratedOnly' : 'snapshots.ratedOrUnrated', {
            rating: formatNumber(locale, selection.minRating),
          }),
        },
        selection.from !== null && { term: t('snapshots.from'), value: formatDate(locale, selection.from) },
        selection.to !== null && { term: t('snapshots.to'), value: formatDate(locale, selection.to) },
      ]}
    />
  );
}

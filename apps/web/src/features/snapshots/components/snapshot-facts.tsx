import { useQuery } from '@tanstack/react-query';
import { languageNames, type Dataset, type Snapshot } from '@granary/contract';
import { DescriptionList } from '../../../components/description-list.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatDate, formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { SnapshotStatusBadge } from './snapshot-list.tsx';

/** What the snapshot is, and what was chosen for it, in words. */
export function SnapshotFacts({ snapshot, dataset }: { snapshot: Snapshot; dataset: Dataset }) {
  const t = useT();
  const locale = useLocale();
  const { selection, counts } = snapshot;
  // What its texts came under, which may be more than the dataset's own.
  const statistics = useQuery({
    ...apiQuery(endpoints.snapshotStatistics.get, { params: { slug: dataset.slug, number: snapshot.number } }),
    enabled: snapshot.status === 'published',
    staleTime: Infinity,
  }).data?.statistics;
  const licences = statistics?.byLicence.map(({ licence }) => licence) ?? [];
  const sources = statistics?.bySource.map(({ source }) => source) ?? [];
  const list = (words: string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(words);
  return (
    <DescriptionList
      items={[
        { term: t('snapshots.status'), value: <SnapshotStatusBadge status={snapshot.status} /> },
        counts !== null && { term: t('snapshots.pairs'), value: <NumberText value={counts.pairs} /> },
        { term: t('snapshots.licence'), value: licences.length === 0 ? dataset.licence : list(licences) },
        sources.length > 0 && { term: t('snapshots.sources'), value: list(sources.map((source) => source ?? t('snapshots.ownSource'))) },
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

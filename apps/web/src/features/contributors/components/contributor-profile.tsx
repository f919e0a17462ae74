import type { Contributor } from '@granary/contract';
import { BarList } from '../../../components/bar-list.tsx';
import { DescriptionList } from '../../../components/description-list.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

/** What somebody gave to the corpus, in numbers. */
export function ContributorProfile({ contributor }: { contributor: Contributor }) {
  const t = useT();
  return (
    <div className="stack gap-5">
      <DescriptionList
        items={[
          { term: t('contributors.approved'), value: <NumberText value={contributor.approved} /> },
          { term: t('contributors.inSnapshots'), value: <NumberText value={contributor.inSnapshots} /> },
          { term: t('contributors.reviews'), value: <NumberText value={contributor.reviews} /> },
          { term: t('contributors.joined'), value: <DateText iso={contributor.joinedAt} /> },
        ]}
      />
      {contributor.byCategory.length > 0 && (
        <BarList
          caption={t('contributors.byCategory')}
          nameHeader={t('contributors.category')}
          valueHeader={t('contributors.approved')}
          bars={contributor.byCategory.map(({ category, approved }) => ({
            key: category,
            label: category.replaceAll('_', ' '),
            value: approved,
          }))}
        />
      )}
    </div>
  );
}

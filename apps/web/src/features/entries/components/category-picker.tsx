import { Link } from 'react-router';
import type { Category, Dataset } from '@granary/contract';
import { Meter } from '../../../components/progress.tsx';
import { paths } from '../../../config/paths.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { firstSentence } from '../first-sentence.ts';
import { byNeed } from '../need.ts';

/** The categories of a dataset, most needed first, with how far each has come. */
export function CategoryPicker({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const sorted = byNeed(dataset.categories);
  const needed = new Set(sorted.slice(0, 3).filter((category) => category.approved < category.targetCount));
  return (
    <ul className="category-picker">
      {sorted.map((category) => (
        <li key={category.slug}>
          <Link className="category-option" to={paths.write.to(dataset.slug, { category: category.slug })}>
            <span className="category-name">
              {category.title}
              {needed.has(category) && <span className="category-needed">{t('entries.category.needed')}</span>}
            </span>
            <span className="category-lead small soft">{firstSentence(category.guideline)}</span>
            <CategoryMeter category={category} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function CategoryMeter({ category }: { category: Category }) {
  const t = useT();
  const locale = useLocale();
  const values = {
    approved: formatNumber(locale, category.approved),
    target: formatNumber(locale, category.targetCount),
    waiting: formatNumber(locale, category.inReview),
  };
  return (
    <Meter
      label={t('entries.category.progress')}
      value={category.approved}
      max={category.targetCount}
      detail={t('entries.category.count', values)}
    />
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Category, DatasetSummary } from '@granary/contract';
import { Meter } from '../../../components/progress.tsx';
import { Section } from '../../../components/section.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './home.css';

const shown = 4;
const missing = ({ targetCount, approved, inReview }: Category) => targetCount - approved - inReview;

/** The categories of a dataset that are furthest from their goal. */
export function Needs({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const locale = useLocale();
  const { data } = useQuery(apiQuery(endpoints.datasets.get, { params: { slug: dataset.slug } }));
  const needed = (data?.categories ?? [])
    .filter((category) => missing(category) > 0)
    .toSorted((one, other) => missing(other) - missing(one))
    .slice(0, shown);
  if (needed.length === 0) return null;
  return (
    <Section title={t('home.needs.title', { dataset: dataset.title })}>
      <ul className="needs">
        {needed.map((category) => (
          <li key={category.slug}>
            <h3>
              <Link to={paths.write.to(dataset.slug, { category: category.slug })}>{category.title}</Link>
            </h3>
            <Meter
              label={t('home.needs.approved')}
              value={category.approved}
              max={category.targetCount}
              detail={t('home.needs.of', {
                approved: formatNumber(locale, category.approved),
                target: formatNumber(locale, category.targetCount),
              })}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

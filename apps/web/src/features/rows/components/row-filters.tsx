import { languageNames, splits, type Dataset } from '@granary/contract';
import { Field, Select } from '../../../components/field.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { useRowFilters } from '../use-row-filters.ts';
import './rows.css';

const ratings = ['2', '3', '3.5', '4', '4.5'];
type Props = Pick<ReturnType<typeof useRowFilters>, 'filters' | 'set'> & { dataset: Dataset };

/** Category, language, split and rating; each is written into the address as soon as it is chosen. */
export function RowFilters({ filters, set, dataset }: Props) {
  const t = useT();
  const category = filters.category[0] ?? '';
  const language = filters.language[0] ?? '';
  const rating = filters.min_rating === undefined ? '' : String(filters.min_rating);
  const any = <option value="">{t('rows.filter.any')}</option>;
  return (
    <div className="row-filters">
      <Field label={t('rows.filter.category')}>
        <Select value={category} onChange={(event) => set('category', event.target.value)}>
          {any}
          {withChosen(
            dataset.categories.map(({ slug }) => slug),
            category,
          ).map((slug) => (
            <option key={slug} value={slug}>
              {dataset.categories.find((each) => each.slug === slug)?.title ?? slug}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('rows.filter.language')}>
        <Select value={language} onChange={(event) => set('language', event.target.value)}>
          {any}
          {withChosen(dataset.languages, language).map((code) => (
            <option key={code} value={code}>
              {languageNames[code as keyof typeof languageNames] ?? code}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('rows.filter.split')}>
        <Select value={filters.split ?? ''} onChange={(event) => set('split', event.target.value)}>
          {any}
          {splits.map((split) => (
            <option key={split} value={split}>
              {split}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('rows.filter.rating')}>
        <Select value={rating} onChange={(event) => set('min_rating', event.target.value)}>
          {any}
          {withChosen(ratings, rating).map((value) => (
            <option key={value} value={value}>
              {t('rows.filter.ratingFrom', { rating: Number(value) })}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

/** What the address names must not vanish from the control because it is not among what is offered. */
const withChosen = (offered: readonly string[], chosen: string) =>
  chosen === '' || offered.includes(chosen) ? offered : [...offered, chosen];

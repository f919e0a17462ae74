import { useQuery } from '@tanstack/react-query';
import { pairSorts, type PairSort } from '@granary/contract';
import { Select } from '../../../components/field.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import type { PairFilters } from '../use-pair-filters.ts';
import './pairs.css';

type Props = { filters: PairFilters; sort: PairSort; onSort: (sort: PairSort) => void };

/** How many pairs there are, and in what order they come. A search by words, and what is not approved, comes newest first and is not counted. */
export function PairTotal({ filters, sort, onSort }: Props) {
  const t = useT();
  const locale = useLocale();
  const { q, status, ...countable } = filters;
  const plain = q === undefined && (status === undefined || status === 'approved');
  const { data } = useQuery({ ...apiQuery(endpoints.pairs.count, { query: countable }), enabled: plain });
  if (!plain) return null;
  return (
    <div className="pair-total">
      <span role="status">
        {data !== undefined &&
          t(data.more ? 'pairs.total.more' : 'pairs.total', { n: data.count, count: formatNumber(locale, data.count) })}
      </span>
      <label className="pair-sort">
        <span className="small soft">{t('pairs.sort')}</span>
        <Select value={sort} onChange={(event) => onSort(event.target.value as PairSort)}>
          {pairSorts.map((each) => (
            <option key={each} value={each}>
              {t(`pairs.sort.${each}`)}
            </option>
          ))}
        </Select>
      </label>
    </div>
  );
}

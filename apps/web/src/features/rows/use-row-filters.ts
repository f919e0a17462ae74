import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { splits, type Split } from '@granary/contract';
import { setParameter, useEditAddress } from '../../lib/use-edit-address.ts';

/** What the address says of the rows wanted, ready to be asked of the server. What makes no sense there counts as not said. */
export type RowFilters = { split?: Split; category: string[]; language: string[]; min_rating?: number };
type Name = 'q' | 'seed' | keyof RowFilters;

/** Which rows are asked for, and in what order. */
export type RowQuery = { filters: RowFilters; q: string; seed: number | null };

/** What the part of an address behind the `?` asks for. */
export function rowQueryOf(search: URLSearchParams): RowQuery {
  const split = splits.find((each) => each === search.get('split'));
  const rating = Number(search.get('min_rating'));
  const seed = search.get('seed') ?? '';
  return {
    filters: {
      ...(split === undefined ? {} : { split }),
      category: search.getAll('category'),
      language: search.getAll('language'),
      ...(rating >= 1 && rating <= 5 ? { min_rating: rating } : {}),
    },
    q: search.get('q') ?? '',
    seed: /^\d{1,9}$/.test(seed) ? Number(seed) : null,
  };
}

const names: Name[] = ['q', 'split', 'category', 'language', 'min_rating'];

/** The filters of rows in the address; what else stands there is left alone. */
export function useRowFilters() {
  const [search] = useSearchParams();
  const { filters, q, seed } = useMemo(() => rowQueryOf(search), [search]);
  const edit = useEditAddress();
  const set = useCallback((name: Name, value: string) => edit((now) => setParameter(now, name, value)), [edit]);
  const clear = useCallback(() => edit((now) => names.forEach((name) => now.delete(name))), [edit]);
  return { filters, q, seed, set, clear, active: names.filter((name) => search.has(name)).length, address: search.toString() };
}

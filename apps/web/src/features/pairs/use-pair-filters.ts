import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { entryStatuses, pairSorts, type EntryStatus, type PairSort } from '@granary/contract';
import { setParameter, useEditAddress } from '../../lib/use-edit-address.ts';

const names = ['q', 'dataset', 'category', 'language', 'status', 'author', 'from', 'to'] as const;
type FilterName = (typeof names)[number];
export type PairFilters = Partial<Record<Exclude<FilterName, 'status'>, string>> & { status?: EntryStatus };

/** The filters as the address says them; what is not a filter there is left alone, an unknown status counts as none. */
export function usePairFilters() {
  const [search, setSearch] = useSearchParams();
  const edit = useEditAddress();
  const filters = useMemo<PairFilters>(() => {
    const given = Object.fromEntries(names.flatMap((name) => (search.get(name) ? [[name, search.get(name)]] : [])));
    return { ...given, status: entryStatuses.find((status) => status === given['status']) };
  }, [search]);
  /** An empty value takes the filter away. Another dataset has other categories, so that one goes with it. */
  const set = useCallback(
    (name: FilterName, value: string) =>
      edit((now) => {
        setParameter(now, name, value);
        if (name === 'dataset') now.delete('category');
      }),
    [edit],
  );
  const clear = useCallback(() => setSearch({}, { replace: true }), [setSearch]);
  const sort = pairSorts.find((each) => each === search.get('sort')) ?? 'newest';
  const setSort = useCallback((next: PairSort) => edit((now) => setParameter(now, 'sort', next === 'newest' ? '' : next)), [edit]);
  // Words, and what is not approved, come newest first only.
  const sorts = filters.q === undefined && (filters.status === undefined || filters.status === 'approved');
  return {
    filters,
    sort: sorts ? sort : ('newest' as const),
    set,
    setSort,
    clear,
    active: names.filter((name) => filters[name] !== undefined).length,
  };
}

import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { entryStatuses, type EntryStatus } from '@granary/contract';

const names = ['q', 'dataset', 'category', 'language', 'status', 'author', 'from', 'to'] as const;
type FilterName = (typeof names)[number];
export type PairFilters = Partial<Record<Exclude<FilterName, 'status'>, string>> & { status?: EntryStatus };

/** The filters as the address says them; what is not a filter there is left alone, an unknown status counts as none. */
export function usePairFilters() {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo<PairFilters>(() => {
    const given = Object.fromEntries(names.flatMap((name) => (search.get(name) ? [[name, search.get(name)]] : [])));
    return { ...given, status: entryStatuses.find((status) => status === given['status']) };
  }, [search]);
  /** An empty value takes the filter away. Another dataset has other categories, so that one goes with it. */
  const set = useCallback(
    (name: FilterName, value: string) =>
      setSearch(
        () => {
          // What stands in the address now: on a busy machine the last drawing of the page may not know of the last choice yet.
          const now = new URLSearchParams(window.location.search);
          if (value === '') now.delete(name);
          else now.set(name, value);
          if (name === 'dataset') now.delete('category');
          return now;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setSearch],
  );
  const clear = useCallback(() => setSearch({}, { replace: true, preventScrollReset: true }), [setSearch]);
  return { filters, set, clear, active: names.filter((name) => filters[name] !== undefined).length };
}

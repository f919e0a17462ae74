import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { splits, type Split } from '@granary/contract';

/** What the address says of the rows wanted, ready to be asked of the server. What makes no sense there counts as not said. */
export type RowFilters = { split?: Split; category: string[]; language: string[]; min_rating?: number };
type Name = 'q' | 'seed' | keyof RowFilters;

const names: Name[] = ['q', 'split', 'category', 'language', 'min_rating'];

/** The filters of rows in the address; what else stands there is left alone. */
export function useRowFilters() {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo<RowFilters>(() => {
    const split = splits.find((each) => each === search.get('split'));
    const rating = Number(search.get('min_rating'));
    return {
      ...(split === undefined ? {} : { split }),
      category: search.getAll('category'),
      language: search.getAll('language'),
      ...(rating >= 1 && rating <= 5 ? { min_rating: rating } : {}),
    };
  }, [search]);
  const q = search.get('q') ?? '';
  const seed = search.has('seed') && /^\d{1,9}$/.test(search.get('seed') ?? '') ? Number(search.get('seed')) : null;
  const set = useCallback(
    (name: Name, value: string) =>
      setSearch(
        () => {
          // What stands in the address now: on a busy machine the last drawing of the page may not know of the last choice yet.
          const now = new URLSearchParams(window.location.search);
          if (value === '') now.delete(name);
          else now.set(name, value);
          return now;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setSearch],
  );
  const clear = useCallback(
    () =>
      setSearch(
        () => {
          const now = new URLSearchParams(window.location.search);
          for (const name of names) now.delete(name);
          return now;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setSearch],
  );
  return { filters, q, seed, set, clear, active: names.filter((name) => search.has(name)).length, address: search.toString() };
}

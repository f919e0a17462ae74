import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Filters that stand in the address: `get('role')`, `set('role', 'reviewer')`; an empty value takes one away. */
export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const get = (name: string): string | undefined => search.get(name) ?? undefined;
  const set = useCallback(
    (name: string, value: string) =>
      setSearch(
        (before) => {
          if (value === '') before.delete(name);
          else before.set(name, value);
          return before;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const clear = useCallback(() => setSearch({}, { replace: true }), [setSearch]);
  return { get, set, clear };
}

/** What the address says when it is one of these values; anything else counts as nothing. */
export function oneOf<T extends string>(values: readonly T[], given: string | undefined): T | undefined {
  return values.find((value) => value === given);
}

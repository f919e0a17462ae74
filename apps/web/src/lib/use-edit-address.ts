import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/**
 * Gives the function that changes what stands behind the `?` of the address, in its place and without scrolling. It begins with what
 * stands there now: on a busy machine the last drawing of the page may not know of the last choice yet.
 */
export function useEditAddress(): (edit: (now: URLSearchParams) => void) => void {
  const [, setSearch] = useSearchParams();
  return useCallback(
    (edit) =>
      setSearch(
        () => {
          const now = new URLSearchParams(window.location.search);
          edit(now);
          return now;
        },
        { replace: true },
      ),
    [setSearch],
  );
}

/** Sets a parameter; an empty value removes it. */
export function setParameter(now: URLSearchParams, name: string, value: string): void {
  if (value === '') now.delete(name);
  else now.set(name, value);
}

import { useDeferredValue } from 'react';
import { useLocation, type Location } from 'react-router';

/**
 * The location whose page is on screen, and whether the next one is still loading: a page stays, and can be used, until the code and
 * the words of the next have arrived. What only stands behind the `?` changes at once.
 */
export function useShownLocation(): { shown: Location; pending: boolean } {
  const location = useLocation();
  const deferred = useDeferredValue(location);
  const pending = deferred.pathname !== location.pathname;
  return { shown: pending ? deferred : location, pending };
}

import { ErrorState } from '../../components/error-state.tsx';
import { isApiError } from '../../lib/api.ts';
import { NotFoundPage } from './not-found-page.tsx';

/** Instead of a page whose subject could not be had. What is asked for stands in its address alone: what cannot be an id is not there either. */
export function PageError({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  return isApiError(error, 'not_found', 'validation_failed') ? <NotFoundPage /> : <ErrorState error={error} onRetry={onRetry} />;
}

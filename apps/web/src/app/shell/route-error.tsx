import { useRevalidator, useRouteError } from 'react-router';
import { Failure } from '../../components/error-boundary.tsx';

/** What is shown instead of a page that failed. */
export function RouteError() {
  const error = useRouteError();
  const revalidator = useRevalidator();
  return (
    <div className="route-error">
      <Failure error={error} onRetry={() => void revalidator.revalidate()} />
    </div>
  );
}

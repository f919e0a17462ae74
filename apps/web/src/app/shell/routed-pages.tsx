import { Suspense, use, type ReactNode } from 'react';
import { useRoutes, type Location, type RouteObject } from 'react-router';
import { ErrorBoundary } from '../../components/error-boundary.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { forgetFailedPages, loadPage } from '../page-loader.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { routes, type PageRoute } from '../routes.ts';
import { Guard } from './guard.tsx';

const routeObjects: RouteObject[] = [
  ...routes.map((route) => ({ path: route.path, element: <RoutedPage key={route.path} route={route} /> })),
  { path: '*', element: <NotFoundPage /> },
];

/** The page at a location. One that fails leaves the shell, and with it the way to the others, as it is. */
export function RoutedPages({ location }: { location: Location }) {
  return (
    <ErrorBoundary resetKey={location.key} onReset={forgetFailedPages}>
      <Suspense fallback={<PageSkeleton />}>
        <Matched location={location} />
      </Suspense>
    </ErrorBoundary>
  );
}

function Matched({ location }: { location: Location }): ReactNode {
  return useRoutes(routeObjects, location);
}

function RoutedPage({ route }: { route: PageRoute }) {
  const page = use(loadPage(route));
  return route.access === undefined ? page : <Guard access={route.access}>{page}</Guard>;
}

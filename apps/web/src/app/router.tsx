import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { PageSkeleton } from '../components/skeleton.tsx';
import { loadMessages } from '../lib/i18n/i18n.ts';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { routes, type PageRoute } from './routes.ts';
import { Guard } from './shell/guard.tsx';
import { RouteError } from './shell/route-error.tsx';
import { Shell } from './shell/shell.tsx';

/** The router of the whole page. `ready` is settled when the shell's words are known, and with them the language. */
export function createRouter(ready: Promise<void>) {
  return createBrowserRouter([
    {
      Component: Shell,
      ErrorBoundary: RouteError,
      children: [
        {
          // Within the shell, so that a page that fails leaves the way to the others open.
          ErrorBoundary: RouteError,
          children: [...routes.map((route) => toRouteObject(route, ready)), { path: '*', Component: NotFoundPage }],
        },
      ],
    },
  ]);
}

function toRouteObject({ path, areas, access, load }: PageRoute, ready: Promise<void>): RouteObject {
  return {
    path,
    HydrateFallback: PageSkeleton,
    lazy: async () => {
      const loading = load();
      await ready;
      const [{ default: Page }] = await Promise.all([loading, loadMessages(areas)]);
      return { Component: access === undefined ? Page : guarded(Page, access) };
    },
  };
}

function guarded(Page: ComponentType, access: NonNullable<PageRoute['access']>): ComponentType {
  return function GuardedPage() {
    return (
      <Guard access={access}>
        <Page />
      </Guard>
    );
  };
}

import type { ReactElement } from 'react';
import { matchRoutes } from 'react-router';
import { i18n, loadMessages } from '../lib/i18n/i18n.ts';
import { routes, type PageRoute } from './routes.ts';

const pages = new Map<PageRoute, Promise<ReactElement>>();
const failed = new Set<PageRoute>();

/** Loads a page's code and words, side by side and once. A failure stays until `forgetFailedPages`: rendering again must not ask again. */
export function loadPage(route: PageRoute, locale = i18n.locale): Promise<ReactElement> {
  const known = pages.get(route);
  if (known) return known;
  const page = Promise.all([route.load(), loadMessages(route.areas, locale)]).then(([{ default: Page }]) => <Page />);
  page.catch(() => failed.add(route));
  pages.set(route, page);
  return page;
}

/** Lets pages that could not be loaded be asked for again. */
export function forgetFailedPages(): void {
  for (const route of failed) pages.delete(route);
  failed.clear();
}

/** Begins to load the page at an address, before anything is drawn. */
export function preloadPage(pathname: string, locale: string): void {
  const [match] =
    matchRoutes(
      routes.map((route) => ({ path: route.path, handle: route })),
      pathname,
    ) ?? [];
  // The failure surfaces where the page is shown.
  if (match) loadPage(match.route.handle, locale).catch(() => undefined);
}

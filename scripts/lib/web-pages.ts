import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import type { ImportGraph } from './import-graph.ts';

/** A page of the web application: the pattern of its address, its module, and the areas whose messages it shows. */
export type WebPage = { pattern: string; module: string; areas: string[] };

const routesFile = 'apps/web/src/app/routes.ts';
const entryFile = 'apps/web/src/main.tsx';

/** The pages as `apps/web/src/app/routes.ts` lists them. Throws an error when the list is not written as this reads it. */
export function readWebPages(root: string): WebPage[] {
  const source = readFileSync(join(root, routesFile), 'utf8');
  const { paths } = createRequire(import.meta.url)(join(root, 'apps/web/src/config/paths.ts')) as {
    paths: Record<string, { pattern: string }>;
  };
  const shared = new Map(
    [...source.matchAll(/function (\w+)\([^]*?\bimport\('([^']+)'\)/g)].map(([, name = '', module = '']) => [name, module]),
  );
  const [, ...entries] = source.split(/\bpath: paths\./);
  const pages = entries.map((entry) => {
    const name = /^\w+/.exec(entry)?.[0] ?? '';
    const module =
      /\bload: (?:async )?\(\) => [^]*?\bimport\('([^']+)'\)/.exec(entry)?.[1] ?? shared.get(/\bload: (\w+)\(/.exec(entry)?.[1] ?? '');
    const pattern = paths[name]?.pattern;
    if (module === undefined || pattern === undefined) throw new Error(`${routesFile}: cannot read the page \`${name}\``);
    const areas = [...(/\bareas: \[([^\]]*)\]/.exec(entry)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, area = '']) => area);
    return { pattern, module: posix.join(posix.dirname(routesFile), module), areas };
  });
  if (pages.length === 0) throw new Error(`${routesFile}: no page found`);
  return pages;
}

/** The page that opens at an address, which may have a query; the most literal pattern wins, as in the router. */
export function pageAt(pages: WebPage[], address: string): WebPage | undefined {
  const matching = pages.filter(({ pattern }) => matchesPattern(pattern, address));
  return matching.toSorted((one, other) => parameters(one.pattern) - parameters(other.pattern))[0];
}

/** Whether the path of an address is one of those that a pattern such as `/datasets/:slug` stands for. */
export function matchesPattern(pattern: string, address: string): boolean {
  const [path = ''] = address.split(/[?#]/);
  const [wanted, given] = [pattern.split('/'), (path === '/' ? path : path.replace(/\/$/, '')).split('/')];
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith(':') || part === given[index]);
}

const parameters = (pattern: string) => pattern.split('/:').length;

/** Which pages a change of a file of the web application can change; `all` when it is part of every page. */
export function pagesThatShow(file: string, pages: WebPage[], graph: ImportGraph): WebPage[] | 'all' {
  const messagesOf = /^apps\/web\/src\/(?:features\/)?([^/]+)\/messages\//.exec(file)?.[1];
  // The messages of an area travel with the pages that name it; those of the shell and the components with every page.
  if (messagesOf !== undefined) {
    const showing = pages.filter(({ areas }) => areas.includes(messagesOf));
    return showing.length === 0 ? 'all' : showing;
  }
  if (graph.closure(entryFile, { lazy: false }).has(file)) return 'all';
  if (graph.files.has(file)) return pages.filter(({ module }) => graph.closure(module).has(file));
  // A file that is gone is imported by nobody: its feature stands for it.
  const feature = /^apps\/web\/src\/features\/[^/]+\//.exec(file)?.[0];
  return feature === undefined ? 'all' : pages.filter(({ module }) => [...graph.closure(module)].some((each) => each.startsWith(feature)));
}

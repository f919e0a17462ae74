import { idSchema, slugSchema, snapshotParams } from '@granary/contract';
import type { RouteOptions } from 'fastify';
import type * as z from 'zod';

/** Which methods a path answers to, from the routes themselves: what a wrong method is told in `Allow`. */
export function createRouteTable() {
  const routes: { url: string; pattern: RegExp; methods: string[]; open: number }[] = [];
  /** Routes whose words are also a parameter of another one, as `preview` is of `:number`. */
  let named: typeof routes | undefined;
  const matching = (path: string, among: typeof routes) => among.filter(({ pattern }) => pattern.test(path));
  return {
    add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
      const open = url.split('/').filter((part) => /^:|^\*$/.test(part)).length;
      routes.push({ url, pattern: toPattern(url, () => '[^/]+'), methods: [method].flat().map((name) => name.toUpperCase()), open });
      named = undefined;
    },
    /** Sorted, of the routes that name the path most closely; empty where nothing answers at all. */
    methodsOf(path: string): string[] {
      const found = matching(path, routes);
      const open = Math.min(...found.map((route) => route.open));
      return [...new Set(found.flatMap((route) => (route.open === open ? route.methods : [])))].sort();
    },
    /** Whether a route that answers this path and method would take a word of the path, which another route has, for its parameter. */
    isMistaken(path: string, method: string): boolean {
      named ??= routes.filter(({ url }) => routes.some((other) => other.url !== url && other.pattern.test(url)));
      const found = matching(path, named);
      return found.length > 0 && !this.methodsOf(path).includes(method);
    },
  };
}

/** What the parameters of the web page's addresses may be. Any other one is a plain word. */
const parameters: Record<string, z.ZodType> = { id: idSchema, slug: slugSchema, number: snapshotParams.shape.number };
const word = /^[\w-]+$/;

/** Tells the addresses of the web page from all others. `patterns` are its routes, `/datasets/:slug`. */
export function createPageTable(patterns: readonly string[]): (path: string) => boolean {
  const pages = patterns.map((pattern) => ({
    names: [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name),
    expression: toPattern(pattern, () => '([^/]+)'),
  }));
  return (path) =>
    pages.some(({ names, expression }) => {
      const found = expression.exec(path);
      return found !== null && names.every((name, index) => isParameter(name, found[index + 1] ?? ''));
    });
}

function isParameter(name: string, value: string): boolean {
  const schema = parameters[name];
  return schema === undefined ? word.test(value) : schema.safeParse(value).success;
}

/** A route's pattern (`/datasets/:slug/files/*`) as an expression for whole, encoded paths. One slash more at the end is let pass. */
function toPattern(route: string, parameter: () => string): RegExp {
  const parts = route.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, parameter);
  });
  return new RegExp(`^${parts.join('/').replace(/\/$/, '')}/?$`);
}

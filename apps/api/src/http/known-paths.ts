import { idSchema, slugSchema, snapshotParams } from '@granary/contract';
import type { RouteOptions } from 'fastify';
import type * as z from 'zod';

/** Which methods a path answers to, from the routes themselves: what a wrong method is told in `Allow`. */
export function createRouteTable() {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  return {
    add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
      routes.push({ pattern: toPattern(url, () => '[^/]+'), methods: [method].flat().map((name) => name.toUpperCase()) });
    },
    /** Sorted; empty where nothing answers at all. */
    methodsOf(path: string): string[] {
      return [...new Set(routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : [])))].sort();
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

import { endpoints, type Endpoint } from '@granary/contract';
import type { Plugin } from 'vite';

const moduleId = 'virtual:contract-table';

/**
 * Offers `virtual:contract-table`: the contract's endpoints with nothing but what a caller needs at run time. The schemas
 * (and the validation library) stay out of the first load; forms load them when they need them.
 */
export function contractTable(): Plugin {
  return {
    name: 'granary:contract-table',
    resolveId: (id) => (id === moduleId ? `\0${moduleId}` : null),
    load: (id) => (id === `\0${moduleId}` ? `export const endpoints = ${JSON.stringify(slimTable())};` : null),
  };
}

/** Noun → verb → method and path. */
function slimTable(): Record<string, Record<string, Pick<Endpoint, 'method' | 'path'>>> {
  const nouns: [string, Record<string, Endpoint>][] = Object.entries(endpoints);
  return Object.fromEntries(
    nouns.map(([noun, verbs]) => [
      noun,
      Object.fromEntries(Object.entries(verbs).map(([verb, { method, path }]) => [verb, { method, path }])),
    ]),
  );
}

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
    load: (id) => (id === `\0${moduleId}` ? tableSource() : null),
  };
}

const prefix = '/api/v1/';

/** Noun → verb → method and path, in as few bytes as it can be told: most endpoints are read, and all begin alike. */
function tableSource(): string {
  const nouns: [string, Record<string, Endpoint>][] = Object.entries(endpoints);
  const lines = nouns.map(
    ([noun, verbs]) =>
      `${noun}:{${Object.entries(verbs)
        .map(([verb, endpoint]) => `${verb}:${endpointSource(endpoint)}`)
        .join()}}`,
  );
  return `const e=(path,method="GET")=>({method,path:"${prefix}"+path});export const endpoints={${lines.join()}};`;
}

function endpointSource({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  if (!path.startsWith(prefix)) return JSON.stringify({ method, path });
  const rest = [path.slice(prefix.length), ...(method === 'GET' ? [] : [method])];
  return `e(${rest.map((each) => JSON.stringify(each)).join()})`;
}

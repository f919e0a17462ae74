import type { Plugin } from 'vite';
import { paths } from '../src/config/paths.ts';

/** Every route of the web page, `/datasets/:slug`: what else is asked for does not exist. */
export const pagePatterns: readonly string[] = Object.values(paths)
  .map(({ pattern }) => pattern)
  .filter((pattern) => pattern.startsWith('/') && !pattern.startsWith('/api'));

/** Writes `pages.json`, from which the server knows which addresses are pages. */
export function pageList(): Plugin {
  return {
    name: 'granary-page-list',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'pages.json', source: JSON.stringify(pagePatterns) });
    },
  };
}

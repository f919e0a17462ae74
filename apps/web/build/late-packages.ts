import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

const packages = new Set(['@granary/contract', '@granary/domain']);
const mark = '?late';

/**
 * `import('@granary/contract')` gets a copy of the package of its own. A module exists once in a build, with all that
 * anybody uses of it: without the copy, a page that takes one constant from the contract would load at once all the
 * schemas, and the validation library, that a form asks for later.
 */
export function latePackages(): Plugin {
  return {
    name: 'granary:late-packages',
    apply: 'build',
    enforce: 'pre',
    async resolveDynamicImport(source, importer) {
      if (typeof source !== 'string' || !packages.has(source)) return null;
      const resolved = await this.resolve(source, importer);
      return resolved && { ...resolved, id: resolved.id + mark };
    },
    async resolveId(source, importer) {
      if (!importer?.endsWith(mark)) return null;
      const resolved = await this.resolve(source, importer.slice(0, -mark.length), { skipSelf: true });
      const isOurs = resolved !== null && (source.startsWith('.') || packages.has(source));
      return isOurs ? { ...resolved, id: resolved.id + mark } : resolved;
    },
    async load(id) {
      if (!id.endsWith(mark)) return null;
      return { code: await readFile(id.slice(0, -mark.length), 'utf8'), moduleType: 'ts' };
    },
  };
}

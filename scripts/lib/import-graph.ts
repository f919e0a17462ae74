import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/** Which source files import which: paths from the root, with forward slashes. */
export type ImportGraph = {
  files: ReadonlySet<string>;
  /** `file` and everything it imports, directly or not, types included; without what `import()` loads when `lazy` is false. */
  closure(file: string, options?: { lazy: boolean }): Set<string>;
  /** `file` and every file below `folder` that imports it, directly or through others there. */
  importers(file: string, folder: string): Set<string>;
  /** Packages and other names that are no paths, as `file` itself imports them. */
  packages(file: string): string[];
};

const eager = /(?:^|\n)\s*(?:import|export)\b(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]/g;
const lazy = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const skipped = new Set(['node_modules', 'dist', 'generated', 'test-results']);

/** Reads the graph of the TypeScript and JavaScript files under `folders`; imports carry their extension, as everywhere here. */
export function readImportGraph(root: string, folders: string[]): ImportGraph {
  const files = new Set(folders.flatMap((folder) => filesUnder(join(root, folder))).map((file) => toPosix(relative(root, file))));
  const sources = new Map<string, { eager: string[]; lazy: string[] }>();
  const read = (file: string) => {
    const known = sources.get(file);
    if (known) return known;
    const source = /\.[cm]?[jt]sx?$/.test(file) ? readFileSync(join(root, file), 'utf8') : '';
    const found = { eager: specifiers(source, eager), lazy: specifiers(source, lazy) };
    sources.set(file, found);
    return found;
  };
  const imports = (file: string, options = { lazy: true }) => {
    const found = read(file);
    return [...found.eager, ...(options.lazy ? found.lazy : [])]
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => posix.join(dirname(file), specifier))
      .filter((target) => files.has(target));
  };
  const closure: ImportGraph['closure'] = (file, options) => {
    const reached = new Set<string>([file]);
    // A set hands out what is added while it is walked.
    for (const each of reached) for (const target of imports(each, options)) reached.add(target);
    return reached;
  };
  const importers: ImportGraph['importers'] = (file, folder) => {
    const direct = Map.groupBy(
      [...files].filter((each) => each.startsWith(folder)).flatMap((importer) => imports(importer).map((target) => ({ importer, target }))),
      ({ target }) => target,
    );
    const reached = new Set<string>([file]);
    for (const each of reached) for (const { importer } of direct.get(each) ?? []) reached.add(importer);
    return reached;
  };
  const packages = (file: string) => [...read(file).eager, ...read(file).lazy].filter((specifier) => !specifier.startsWith('.'));
  return { files, closure, importers, packages };
}

function specifiers(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map(([, specifier = '']) => specifier);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (skipped.has(name)) return [];
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

const toPosix = (path: string) => path.split(sep).join('/');

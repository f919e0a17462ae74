import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

type Chunk = { file: string; name?: string; isEntry?: boolean; imports?: string[] };

const budgetBytes = 135_000;
const distFolder = fileURLToPath(new URL('../dist/', import.meta.url));
/** Where one chooses what to write, and where one writes it. */
const pages = ['contribute-page.tsx', 'write-page.tsx'];
const locale = 'en';

/** Sizes what a browser loads to show a page for the first time: entry, page, what they import, and the words. */
function measureFirstLoad(page: string): void {
  const manifestFile = `${distFolder}.vite/manifest.json`;
  if (!existsSync(manifestFile)) throw new Error('No build to measure: run `npm run build -w @granary/web` first.');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, Chunk>;
  const words = ['shell', ...wordAreas(page)].map((area) => `virtual:message-catalogs/${locale}/${area}`);
  const starts = ['index.html', `src/app/pages/${page}`, ...words].map((name) => {
    const key = Object.keys(manifest).find((each) => each === name || each.endsWith(name));
    if (key === undefined) throw new Error(`The build has no ${name}.`);
    return key;
  });
  const files = new Map<string, number>();
  for (const key of closure(manifest, starts)) {
    const file = manifest[key]?.file ?? '';
    if (file.endsWith('.js')) files.set(file, gzipSync(readFileSync(distFolder + file)).length);
  }
  const total = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  for (const [file, bytes] of [...files].sort((a, b) => b[1] - a[1])) print(`${kilobytes(bytes).padStart(9)}  ${file}`);
  print(`${kilobytes(total).padStart(9)}  first load of ${page}, gzip; allowed are ${kilobytes(budgetBytes)}`);
  if (total > budgetBytes) process.exitCode = 1;
}

/** The areas that the page's route names. */
function wordAreas(page: string): string[] {
  const routes = readFileSync(new URL('../src/app/routes.ts', import.meta.url), 'utf8');
  const route = routes.split('path: paths.').find((each) => each.includes(page));
  return [...(/areas: \[([^\]]*)\]/.exec(route ?? '')?.[1] ?? '').matchAll(/'([^']+)'/g)].map((match) => String(match[1]));
}

function closure(manifest: Record<string, Chunk>, starts: string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...starts];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(manifest[key]?.imports ?? []));
  }
  return seen;
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
const print = (line: string) => process.stdout.write(`${line}\n`);

for (const page of pages) measureFirstLoad(page);

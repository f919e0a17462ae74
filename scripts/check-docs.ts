import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { namedThings } from './lib/named-things.ts';

/** Checks that the paths, links, scripts and benchmarks that README and docs name exist. Ends with 1 and a list otherwise. */
const root = fileURLToPath(new URL('..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

let missing = 0;
for (const page of pages) {
  const text = readFileSync(join(root, page), 'utf8');
  for (const { line, kind, name } of namedThings(text)) {
    if (exists(page, kind, name)) continue;
    missing += 1;
    console.error(`${page}:${line}: there is no ${kind} ${name}`);
  }
}
console.log(`${pages.length} pages read, ${missing} names of things that do not exist`);
if (missing > 0) process.exitCode = 1;

function exists(page: string, kind: string, name: string): boolean {
  if (kind === 'script') return name in scripts;
  if (kind === 'benchmark') return existsSync(join(root, 'bench/src', `${name}.ts`));
  return existsSync(kind === 'link' ? join(root, dirname(page), name) : join(root, name));
}

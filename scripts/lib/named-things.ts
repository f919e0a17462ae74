export interface NamedThing {
  line: number;
  kind: 'path' | 'link' | 'script' | 'benchmark';
  name: string;
}

const topFolders = 'apps|packages|docs|scripts|prisma|e2e|bench|\\.ci';
const pathPattern = new RegExp(`^(?:${topFolders})/[\\w./@-]*[\\w/-]$`);

/**
 * What a Markdown page claims to exist in this project: relative links, paths from the root in code, and npm scripts.
 * Paths with placeholders (`NNNN`, `<noun>`, `*`) name no one file and are left out.
 */
export function namedThings(markdown: string): NamedThing[] {
  return markdown.split('\n').flatMap((text, index) => namedInLine(text).map((thing) => ({ line: index + 1, ...thing })));
}

function namedInLine(text: string): Omit<NamedThing, 'line'>[] {
  const links = [...text.matchAll(/\]\((?![a-z]+:|#|\/)([^)\s#]+)[^)]*\)/g)].map(([, name = '']) => ({ kind: 'link' as const, name }));
  const paths = text
    .split(/[\s`'"(),;:|]+/)
    .map((word) => word.replace(/\.$/, ''))
    .filter((word) => pathPattern.test(word) && !word.includes('NNNN'))
    .map((name) => ({ kind: 'path' as const, name }));
  const scripts = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => ({ kind: 'script' as const, name }));
  const benchmarks = [...text.matchAll(/\bnpm run bench -- ([a-z][\w-]*)/g)].map(([, name = '']) => ({ kind: 'benchmark' as const, name }));
  return [...links, ...paths.filter(({ name }) => !isLinkTarget(text, name)), ...scripts, ...benchmarks];
}

/** A path in a link is relative to its page, and checked as such. */
function isLinkTarget(text: string, name: string): boolean {
  return text.includes(`](${name})`) || text.includes(`](${name}#`);
}

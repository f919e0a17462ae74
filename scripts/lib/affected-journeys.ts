import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { endpoints } from '@granary/contract';
import { readImportGraph, type ImportGraph } from './import-graph.ts';
import { readTrail } from './journey-trails.ts';
import { matchesPattern, pageAt, pagesThatShow, readWebPages, type WebPage } from './web-pages.ts';

type Request = {
  root: string;
  /** Files that were changed, added or removed: paths from the root, with forward slashes. */
  changed: string[];
  /** Where a journey went when it last ran, as `readTrail` reads it unless stated. */
  trailOf?: (journey: string) => string[] | undefined;
};
/** What the change of one file can affect: nothing, everything, or journeys that these tell. */
type Effect = 'nothing' | 'everything' | { visits: (address: string) => boolean } | { journeys: string[] };
type Facts = { root: string; web: ImportGraph; api: ImportGraph; e2e: ImportGraph; pages: WebPage[]; journeys: string[] };

/**
 * The journey files, as sorted paths from the root, that a change can affect. A journey that has left no trail since it
 * was changed is one of them whenever the change affects any page or endpoint. Whatever cannot be told affects all.
 */
export function affectedJourneys({ root, changed, trailOf = (journey) => readTrail(root, journey) }: Request): string[] {
  const facts = readFacts(root);
  const effects = changed.map((file) => effectOf(file, facts));
  if (effects.includes('everything')) return facts.journeys;
  const trails = new Map(facts.journeys.map((journey) => [journey, trailOf(journey)]));
  return facts.journeys.filter((journey) =>
    effects.some((effect) => {
      if (typeof effect === 'string') return false;
      if ('journeys' in effect) return effect.journeys.includes(journey);
      return trails.get(journey)?.some(effect.visits) ?? true;
    }),
  );
}

function readFacts(root: string): Facts {
  const graph = (folder: string) => readImportGraph(root, [folder]);
  const journeys = readdirSync(join(root, 'e2e/src'))
    .filter((name) => name.endsWith('.journey.ts'))
    .map((name) => `e2e/src/${name}`)
    .toSorted();
  return { root, web: graph('apps/web/src'), api: graph('apps/api/src'), e2e: graph('e2e/src'), pages: readWebPages(root), journeys };
}

/** No journey runs these: documents, unit and API tests, tools, benchmarks, and settings of tools that only check. */
const aside = [
  /\.md$/,
  /\.test\.tsx?$/,
  /^(?:docs|bench|scripts|\.ci|\.github)\//,
  /^(?:LICENSE|Dockerfile|docker-compose\.yml|knip\.json|turbo\.json|vitest\.config\.ts|\.oxlintrc\.json|\.gitignore|\.prettier\w*)$/,
  /^apps\/api\/src\/(?:cli\.ts|cli\/|testing(?:-\w+)?\.ts)/,
];

function effectOf(file: string, facts: Facts): Effect {
  if (aside.some((pattern) => pattern.test(file))) return 'nothing';
  if (file.startsWith('e2e/src/')) return { journeys: journeysWith(file, facts) };
  if (file.startsWith('fixtures/')) return { journeys: journeysThatName(basename(file), facts) };
  if (file.startsWith('apps/web/src/')) return effectOnPages(file, facts);
  if (file.startsWith('apps/api/src/modules/')) return effectOfModules(modulesWith(file, facts.api), facts);
  if (file.startsWith('packages/corpus/src/')) return effectOfModules(modulesThatImport('@granary/corpus', facts.api), facts);
  return 'everything';
}

function journeysWith(file: string, { e2e, journeys }: Facts): string[] {
  // A helper that is gone was imported by journeys that have changed as well.
  return journeys.filter((journey) => e2e.closure(journey).has(file));
}

function journeysThatName(name: string, { root, e2e, journeys }: Facts): string[] {
  const namesIt = (file: string) => readFileSync(join(root, file), 'utf8').includes(name);
  return journeys.filter((journey) => [...e2e.closure(journey)].some(namesIt));
}

function effectOnPages(file: string, { web, pages }: Facts): Effect {
  const showing = pagesThatShow(file, pages, web);
  if (showing === 'all') return 'everything';
  return { visits: (address) => showing.includes(pageAt(pages, address) as WebPage) };
}

/** The modules of the API (their nouns) in which this file is or is imported, directly or not. */
function modulesWith(file: string, api: ImportGraph): Set<string> {
  // Only through other modules: the wiring around them imports them all.
  const importing = [...api.importers(file, 'apps/api/src/modules/')].filter((each) => !each.endsWith('.test.ts'));
  return new Set(importing.flatMap((each) => nounOf(each) ?? []));
}

function modulesThatImport(name: string, api: ImportGraph): Set<string> {
  const importing = [...api.files].filter((each) => api.packages(each).some((specifier) => specifier.startsWith(name)));
  return new Set(importing.flatMap((file) => [...modulesWith(file, api)]));
}

const nounOf = (file: string) => /^apps\/api\/src\/modules\/([^/]+)\//.exec(file)?.[1];

/** Journeys that ask the endpoints of these modules for anything; everything when a module answers no endpoint of its own. */
function effectOfModules(nouns: Set<string>, { root, api }: Facts): Effect {
  const patterns = [...nouns].map((noun) => endpointsOf(noun, root, api));
  if (patterns.some((each) => each.length === 0)) return 'everything';
  return { visits: (address) => patterns.flat().some((pattern) => matchesPattern(pattern, address)) };
}

/** The paths that the routes of a module answer: they name their groups in the contract's table of endpoints. */
function endpointsOf(noun: string, root: string, api: ImportGraph): string[] {
  const routes = [...api.files].filter((file) => nounOf(file) === noun && file.endsWith('routes.ts'));
  const source = routes.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const groups: [string, Record<string, { path: string }>][] = Object.entries(endpoints);
  const isNamed = (group: string) => new RegExp(`\\bendpoints\\.${group}\\b|\\{[^}]*\\b${group}\\b[^}]*\\} = endpoints\\b`).test(source);
  return groups.filter(([group]) => isNamed(group)).flatMap(([, group]) => Object.values(group).map(({ path }) => path));
}

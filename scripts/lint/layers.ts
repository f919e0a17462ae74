import { posix } from 'node:path';

/**
 * The dependency law of `docs/architecture.md`, in one table. An import is judged by the importing file's path from the
 * project's root and by what it names; types count as much as values, because a layer that knows another's types knows
 * the other.
 */

/** What a workspace may import besides its own files: packages of this project, and others. */
interface Allowance {
  ours: string[];
  /** Third-party packages it may use; all that it declares when not named. */
  theirs?: string[];
  node: boolean;
}

const allowances: Record<string, Allowance> = {
  'packages/contract': { ours: [], theirs: ['zod'], node: false },
  'packages/domain': { ours: ['contract'], theirs: [], node: false },
  'packages/corpus': { ours: ['contract'], node: true },
  'packages/db': { ours: [], node: true },
  'apps/api': { ours: ['contract', 'domain', 'corpus', 'db'], node: true },
  'apps/web': { ours: ['contract', 'domain'], node: false },
  e2e: { ours: ['contract', 'db'], node: true },
  bench: { ours: ['api', 'contract', 'corpus', 'db', 'domain', 'web'], node: true },
  scripts: { ours: ['db', 'contract'], node: true },
};

/** Tests may also use these, and Node. */
const testTools = new Set(['vitest', 'fast-check']);

/** Folders within a workspace: who matches `from` must not import who matches `to`. `$1` in `to` is what `from` captured. */
interface FolderLaw {
  from: RegExp;
  to: string;
  /** When given, a target that matches this (with `$1`) is allowed all the same. */
  unless?: string;
  why: string;
}

const folderLaws: FolderLaw[] = [
  {
    from: /^apps\/web\/src\/features\/([^/]+)\//,
    to: '^apps/web/src/features/',
    unless: '^apps/web/src/features/$1/',
    why: 'a feature does not import another feature: let a page in app/ compose them',
  },
  { from: /^apps\/web\/src\/features\//, to: '^apps/web/src/app/', why: 'features do not know the application around them' },
  {
    from: /^apps\/web\/src\/(?:components|lib)\//,
    to: '^apps/web/src/(?:features|app|vocabulary)/',
    why: 'components and lib know neither the words of the product, nor features, nor the application',
  },
  {
    from: /^apps\/web\/src\/vocabulary\//,
    to: '^apps/web/src/(?:features|app)/',
    why: 'the shared vocabulary knows neither features nor the application',
  },
  { from: /^apps\/web\/src\/lib\//, to: '^apps/web/src/components/', why: 'lib knows no components' },
  {
    from: /^apps\/api\/src\/modules\/.*\broutes\.ts$/,
    to: '(?:^@granary/db|repository\\.ts$)',
    why: 'routes never touch the database: ask the service',
  },
  {
    from: /^apps\/api\/src\/modules\/.*\brepository\.ts$/,
    to: '(?:^@granary/domain|service\\.ts$|routes\\.ts$)',
    why: 'repositories never decide: they know neither rules nor services nor routes',
  },
  { from: /^apps\/api\/src\/modules\/.*\bservice\.ts$/, to: 'routes\\.ts$', why: 'services do not know how they are asked' },
  {
    from: /^apps\/api\/src\/modules\/([^/]+)\//,
    to: '^apps/api/src/modules/[^/]+/.*repository\\.ts$',
    unless: '^apps/api/src/modules/$1/',
    why: "a module does not reach into another module's repository: take its service as a dependency",
  },
];

/** Why `file` must not import `specifier`, or nothing when it may. Paths are from the root, with forward slashes. */
export function layerViolation(file: string, specifier: string): string | undefined {
  const workspace = workspaceOf(file);
  if (workspace === undefined) return undefined;
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
  return (
    (specifier.startsWith('.') ? leavesWorkspace(workspace, target) : forbiddenPackage(workspace, file, specifier)) ??
    brokenFolderLaw(file, target)
  );
}

function workspaceOf(file: string): string | undefined {
  return Object.keys(allowances).find((workspace) => file.startsWith(`${workspace}/`));
}

function leavesWorkspace(workspace: string, target: string): string | undefined {
  const other = workspaceOf(target);
  if (other === workspace || other === undefined) return undefined;
  return `${workspace} must not reach into the files of ${other}: import the package`;
}

function forbiddenPackage(workspace: string, file: string, specifier: string): string | undefined {
  const allowance = allowances[workspace];
  if (allowance === undefined) return undefined;
  const isTest = /\.test\.tsx?$/.test(file) || (workspace === 'apps/web' && !file.startsWith('apps/web/src/'));
  if (specifier.startsWith('node:')) return allowance.node || isTest ? undefined : `${workspace} runs without Node: no ${specifier}`;
  const name = packageName(specifier);
  if (name.startsWith('@granary/')) {
    return allowance.ours.includes(name.slice('@granary/'.length)) ? undefined : `${workspace} must not import ${name}`;
  }
  if (allowance.theirs === undefined || allowance.theirs.includes(name) || (isTest && testTools.has(name))) return undefined;
  return `${workspace} imports ${allowance.theirs.join(', ') || 'no packages but ours'}, not ${name}`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function brokenFolderLaw(file: string, target: string): string | undefined {
  for (const { from, to, unless, why } of folderLaws) {
    const match = from.exec(file);
    if (!match || !new RegExp(to).test(target)) continue;
    const own = unless?.replace('$1', match[1] ?? '');
    if (own === undefined || !new RegExp(own).test(target)) return why;
  }
  return undefined;
}

// `npm run mutate`: breaks the code on purpose, one mutation at a time, and demands that tests go red. See scripts/mutations/README.md.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createMutationRuns, type Outcome } from './lib/mutation-runs.ts';
import { readMutations, type Mutation } from './lib/mutations.ts';
import { copyProject } from './lib/project-copy.ts';
import { root } from './lib/project.mjs';

const all = readMutations(join(root, 'scripts/mutations'));
const names = process.argv.slice(2);
const unknown = names.filter((name) => !all.some((mutation) => mutation.name === name));
if (unknown.length > 0) {
  console.error(`No mutation ${unknown.join(', ')}. There are: ${all.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const chosen = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));

const copy = copyProject(root);
const runs = createMutationRuns(copy);
const remove = () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 });
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    runs.stop();
    remove();
    process.exit(code);
  });

try {
  process.exitCode = (await prove(chosen)) ? 0 : 1;
} finally {
  remove();
}

async function prove(mutations: readonly Mutation[]): Promise<boolean> {
  for (const [database, group] of Map.groupBy(mutations, (mutation) => mutation.database)) {
    const files = [...new Set(group.flatMap(({ tests }) => tests))];
    console.error(`Running ${files.length} test files${database === undefined ? '' : ` on ${database}`} without any mutation`);
    const red = await runs.redWithout(files, database);
    if (red.length === 0) continue;
    console.error(`These are red without any mutation, so they prove nothing:\n  ${red.join('\n  ')}`);
    return false;
  }
  const outcomes: Outcome[] = [];
  for (const mutation of mutations) {
    console.error(`Running ${mutation.name}`);
    outcomes.push(await runs.run(mutation));
  }
  return printOutcomes(outcomes);
}

function printOutcomes(outcomes: readonly Outcome[]): boolean {
  for (const { mutation, caught, note } of outcomes)
    console.log(`${caught ? 'caught  ' : 'SURVIVED'}  ${mutation.kind}: ${mutation.name}\n          ${mutation.breaks}\n          ${note}`);
  const caught = outcomes.filter((outcome) => outcome.caught).length;
  console.log(`${caught} caught, ${outcomes.length - caught} survived`);
  return caught === outcomes.length;
}

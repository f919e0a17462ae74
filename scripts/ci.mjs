// What .ci/run runs: the static checks and every test, summed. Plain JavaScript for Node 20.19 and newer.
import './lib/check-runtime.mjs';
import { join } from 'node:path';
import { build, install, PrepareError } from './lib/prepare.mjs';
import { root, runtime } from './lib/project.mjs';
import { printTotals, runCheck } from './lib/runners.mjs';
import { testOptions } from './lib/test-options.mjs';
import { runTests } from './lib/tests.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

/** The same commands that package.json offers by these names. */
const checks = [
  ['Types', 'scripts/turbo.mjs', 'typecheck', 'typecheck:root'],
  ['Lint and the dependency law', 'node_modules/oxlint/bin/oxlint', '--deny-warnings'],
  ['Format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  ['Unused code', 'node_modules/knip/bin/knip.js'],
  ['Paths and scripts that the docs name', 'scripts/check-docs.ts'],
  ['Lock file', 'scripts/check-lock.ts'],
  ['First load of the writing page', 'apps/web/scripts/first-load-size.ts'],
];

try {
  install(say);
  await build(say, { withBase: true });
  const results = [];
  for (const [title, tool, ...args] of checks) results.push(await runCheck(title, runtime(), [join(root, tool), ...args]));
  results.push(...(await runTests(say, testOptions([], {}))));
  process.exitCode = printTotals(results) ? 0 : 1;
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  say(error.message);
  process.exitCode = printTotals([{ title: 'Preparing', passed: 0, failed: 1, skipped: 0 }]) ? 0 : 1;
}

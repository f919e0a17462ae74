// `npm run test:chaos`: breaks what the program stands on, prints a line per scenario, and ends with `N passed, N failed, N skipped`.
// Options: --short. Anything else is handed to vitest (`npm run test:chaos -- disk-full`).
import './lib/check-runtime.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, PrepareError, toolEnvironment } from './lib/prepare.mjs';
import { root, runtime } from './lib/project.mjs';

const say = (line) => process.stderr.write(`${line}\n`);
const report = join(root, 'test-results/reports/chaos.json');

try {
  install(say);
  await build(say, { withBase: true, withWeb: false });
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

function run(args) {
  mkdirSync(join(root, 'test-results/reports'), { recursive: true });
  rmSync(report, { force: true });
  const short = args.includes('--short');
  const filters = args.filter((arg) => arg !== '--short');
  const totals = { passed: 0, failed: 0, skipped: 0 };
  count('pglite', runVitest('pglite', filters, short), totals);
  // The other scenarios have a database of their own, whichever this is.
  if (!short && filters.length === 0) count('postgres', runVitest('postgres', ['mail-hangs', 'clock-jumps'], short), totals);
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return totals.failed === 0 ? 0 : 1;
}

/** The code that vitest ended with; its report says the rest. */
function runVitest(kind, filters, short) {
  const tool = join(root, 'node_modules/vitest/vitest.mjs');
  const config = join(root, 'vitest.chaos.config.ts');
  const args = [tool, 'run', '--config', config, '--reporter=json', `--outputFile=${report}`, ...filters];
  const env = toolEnvironment({ TEST_DATABASE: kind, ...(short ? { CHAOS: 'short' } : {}) });
  return spawnSync(runtime(), args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }).status;
}

function count(kind, code, totals) {
  const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  const before = totals.failed;
  for (const { assertionResults, status, name, message } of files) {
    for (const { fullName, status: outcome, failureMessages } of assertionResults) {
      const word = outcome === 'passed' ? 'passed' : outcome === 'failed' ? 'failed' : 'skipped';
      totals[word] += 1;
      console.log(`${word.padEnd(8)}${kind.padEnd(9)}${fullName}`);
      for (const failure of failureMessages ?? []) console.log(failure.split('\n').slice(0, 12).join('\n'));
    }
    // A file that could not be set up has no failed test; it counts as one.
    if (status !== 'failed' || assertionResults.some((result) => result.status === 'failed')) continue;
    totals.failed += 1;
    console.log(`failed  ${kind.padEnd(9)}${name}: ${message}`);
  }
  if (code !== 0 && totals.failed === before) totals.failed += 1;
}

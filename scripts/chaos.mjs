// `npm run test:chaos`: breaks what the program stands on, prints a line per scenario, and ends with `N passed, N failed, N skipped`.
// Options: --short. Anything else is handed to vitest (`npm run test:chaos -- disk-full`).
import './lib/check-runtime.mjs';
import { build, install, PrepareError } from './lib/prepare.mjs';
import { printTotals, runVitest } from './lib/runners.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

try {
  install(say);
  await build(say, { withBase: true, withWeb: false });
  process.exitCode = printTotals(await run(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

async function run(args) {
  const short = args.includes('--short');
  const filters = args.filter((arg) => arg !== '--short');
  const results = await runOn('pglite', filters, short);
  // The other scenarios have a database of their own, whichever this is.
  if (!short && filters.length === 0) results.push(...(await runOn('postgres', ['mail-hangs', 'clock-jumps'], short)));
  return results;
}

/** Runs the scenarios that the filters name, where they use the database of all tests on this kind of it. */
async function runOn(kind, filters, short) {
  const env = { TEST_DATABASE: kind, ...(short ? { CHAOS: 'short' } : {}) };
  const results = await runVitest({ args: ['--config', 'vitest.chaos.config.ts', ...filters], env, reporter: 'verbose' });
  return results.map((result) => ({ ...result, title: `Chaos, ${kind}${short ? ', short' : ''}` }));
}

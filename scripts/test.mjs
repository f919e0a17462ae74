// `npm test`: prepares the clone, runs the tests, and ends with `N passed, N failed, N skipped`. Plain JavaScript for Node 20.19 and newer.
import './lib/check-runtime.mjs';
import { install, PrepareError } from './lib/prepare.mjs';
import { printTotals } from './lib/runners.mjs';
import { testOptions, UsageError } from './lib/test-options.mjs';
import { runTests } from './lib/tests.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

try {
  const options = testOptions(process.argv.slice(2), process.env);
  install(say);
  process.exitCode = printTotals(await runTests(say, options)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof PrepareError || error instanceof UsageError)) throw error;
  say(error.message);
  if (error instanceof UsageError) process.exit(2);
  process.exitCode = printTotals([{ title: 'Preparing', passed: 0, failed: 1, skipped: 0 }]) ? 0 : 1;
}

// `npm test`: prepares the clone, runs every test, and ends with `N passed, N failed`. Plain JavaScript for Node 20.19 and newer.
import { build, install, PrepareError } from './lib/prepare.mjs';
import { printTotals } from './lib/runners.mjs';
import { runTests } from './lib/tests.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

try {
  install(say);
  await build(say, { withBase: true });
  process.exitCode = printTotals(await runTests(say)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  say(error.message);
  process.exitCode = printTotals([{ title: 'Preparing', passed: 0, failed: 1, skipped: 0 }]) ? 0 : 1;
}

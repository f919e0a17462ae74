// Every test of the project, on every database that answers.
import { spawnSync } from 'node:child_process';
import { ensureChromium } from './chromium.mjs';
import { toolEnvironment } from './prepare.mjs';
import { root, runtime } from './project.mjs';
import { runPlaywright, runVitest } from './runners.mjs';

/** Runs one runner after the other; none is left out because another failed. */
export async function runTests(say) {
  const results = [await runVitest('Unit', 'unit'), await runVitest('API on the embedded database', 'api-pglite')];
  const url = findPostgres();
  if (url) results.push(await runVitest('API on PostgreSQL', 'api-postgres', { TEST_DATABASE_URL: url }));
  const chromium = ensureChromium(say);
  if (chromium) results.push(await runPlaywright('Browser journeys', { CHROMIUM_PATH: chromium }));
  else results.push({ title: 'Browser journeys', passed: 0, failed: 1, skipped: 0, note: 'no Chromium: set CHROMIUM_PATH or install one' });
  if (!url) say('\nNo PostgreSQL answers (TEST_DATABASE_URL, else 127.0.0.1:5432): the API was tested on the embedded database only.');
  return results;
}

function findPostgres() {
  const script = "import { findPostgres } from '@granary/db/testing'; console.log((await findPostgres()) ?? '');";
  const options = { cwd: `${root}/apps/api`, encoding: 'utf8', env: toolEnvironment() };
  return spawnSync(runtime(), ['--input-type=module', '-e', script], options).stdout.trim();
}

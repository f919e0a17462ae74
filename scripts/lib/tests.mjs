// Runs the tests that were asked for, on every database that they are meant for.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensurePgBouncer } from './pgbouncer.mjs';
import { build, toolEnvironment } from './prepare.mjs';
import { root, runtime } from './project.mjs';
import { runPlaywright, runVitest } from './runners.mjs';

/** Prepares what these tests need and runs one runner after the other; none is left out because another failed. */
export async function runTests(say, options) {
  const { full, changed, names, shuffle } = options;
  const journeys = journeysFor(options);
  await build(say, { withBase: true, withWeb: journeys === 'all' || journeys.length > 0 });
  const results = [];
  // A whole run gets what the tests through a pooler need; a short one skips them where it is missing.
  if (full) ensurePgBouncer(say);
  if (names.length === 0 || vitestFiles().some((file) => names.some((name) => file.includes(name)))) {
    const args = [...names, ...(changed === undefined ? [] : ['--changed', changed, '--passWithNoTests']), ...shuffled(shuffle)];
    results.push(...(await runVitest({ args, env: { TEST_FULL: full ? '1' : '0', TEST_ONCE: names.length > 0 ? '1' : '0' } })));
  }
  if (full && names.length === 0 && changed === undefined) results.push(...(await runChaos()));
  if (journeys === 'all' || journeys.length > 0) results.push(await runJourneys(say, journeys === 'all' ? [] : journeys, shuffle));
  if (results.length === 0) say(changed === undefined ? `No test has a path with ${names.join(' or ')}.` : 'The change affects no test.');
  else if (!full && !findPostgres())
    say('\nNo PostgreSQL answers (TEST_DATABASE_URL, else 127.0.0.1:5432): the API was tested on the embedded database only.');
  return results;
}

/** Journey files that were asked for, relative to the root, or `all`. */
function journeysFor({ changed, names }) {
  if (changed !== undefined) return affectedJourneys(changed);
  if (names.length === 0) return 'all';
  return filesUnder('e2e/src', /\.journey\.ts$/).filter((file) => names.some((name) => file.includes(name)));
}

function affectedJourneys(revision) {
  const { status, stdout, stderr } = spawnSync(runtime(), [join(root, 'scripts/print-affected-journeys.ts'), revision], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The journeys that the change affects could not be found:\n${stderr}`);
  return stdout.split('\n').filter(Boolean);
}

/** Faults of database, network, disk, mail and clock, a few rounds of each. */
const runChaos = () => runVitest({ args: ['--config', 'vitest.chaos.config.ts'], env: { TEST_DATABASE: 'pglite', CHAOS: 'short' } });

async function runJourneys(say, files, shuffle) {
  const chromium = ensureChromium(say);
  if (!chromium)
    return { title: 'Browser journeys', passed: 0, failed: 1, skipped: 0, note: 'no Chromium: set CHROMIUM_PATH or install one' };
  return runPlaywright({
    args: files,
    env: { CHROMIUM_PATH: chromium, ...(shuffle === undefined ? {} : { JOURNEY_ORDER_SEED: shuffle }) },
  });
}

const shuffled = (seed) => (seed === undefined ? [] : ['--sequence.shuffle.files', '--sequence.shuffle.tests', `--sequence.seed=${seed}`]);

const vitestFiles = () => ['apps', 'packages', 'scripts'].flatMap((folder) => filesUnder(folder, /\.test\.tsx?$/));

function filesUnder(folder, pattern) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((item) => {
    const path = `${folder}/${item.name}`;
    if (item.isDirectory()) return /^(node_modules|dist|generated)$/.test(item.name) ? [] : filesUnder(path, pattern);
    return pattern.test(item.name) ? [path] : [];
  });
}

function findPostgres() {
  const script = "import { findPostgres } from './packages/db/src/find-postgres.ts'; console.log((await findPostgres()) ?? '');";
  const options = { cwd: root, encoding: 'utf8', env: toolEnvironment() };
  return spawnSync(runtime(), ['--input-type=module', '-e', script], options).stdout.trim();
}

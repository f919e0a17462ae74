// Runs the test runners and reads their totals from their own reports, never from their words.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from './prepare.mjs';
import { root, runtime } from './project.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

const reports = join(root, 'test-results/reports');

/** How a project of vitest.config.ts is called in the totals. */
const titles = [
  [/^unit$/, 'Unit'],
  [/^api-postgres/, 'API on PostgreSQL'],
  [/^api-pglite/, 'API on the embedded database'],
  [/^chaos$/, 'Chaos, short'],
];

/** Runs vitest once for all of its projects. Resolves to the result of each. */
export async function runVitest({ args = [], env = {}, reporter = 'dot' }) {
  const file = freshReport('vitest.json');
  console.log('\n── Vitest');
  const reporters = [`--reporter=${reporter}`, '--reporter=./scripts/lib/vitest-report.ts'];
  const command = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args];
  const code = await exitCode(runtime(), command, { ...temporaryFolder(), ...env, TEST_REPORT: file });
  return sumVitest(readReport(file) ?? [], code);
}

/** Runs the browser journeys. Resolves to their result. */
export async function runPlaywright({ args = [], env = {} }) {
  const file = freshReport('playwright.json');
  console.log('\n── Browser journeys');
  const tool = join(root, 'node_modules/@playwright/test/cli.js');
  const command = [tool, 'test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json', ...args];
  const code = await exitCode(runtime(), command, { ...temporaryFolder(), ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const report = readReport(file);
  return { title: 'Browser journeys', ...settle(report && countPlaywright(report), code) };
}

/** Runs a check that either holds or does not. */
export async function runCheck(title, command, args) {
  console.log(`\n── ${title}`);
  const began = Date.now();
  const code = await exitCode(command, args, {});
  return { title, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, seconds: (Date.now() - began) / 1000 };
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** A runner that ended badly, or said nothing, failed at least once, whatever its report counts. */
export function settle(counted, code) {
  if (!counted || counted.passed + counted.failed === 0)
    return { passed: 0, failed: 1, skipped: counted?.skipped ?? 0, note: 'it did not report any test' };
  if (code !== 0 && counted.failed === 0) return { ...counted, failed: 1, note: `it ended with exit code ${code}` };
  return counted;
}

/** The files that vitest reports, summed by runner. A run that ended badly without a failed test is a failure of its own. */
export function sumVitest(files, code) {
  const results = new Map();
  for (const { project, ...file } of files) {
    const title = titles.find(([pattern]) => pattern.test(project))?.[1] ?? project;
    const sum = results.get(title) ?? { title, passed: 0, failed: 0, skipped: 0, seconds: 0, files: [] };
    for (const key of ['passed', 'failed', 'skipped', 'seconds']) sum[key] += file[key];
    sum.files.push({ name: file.file, seconds: file.seconds });
    results.set(title, sum);
  }
  const all = [...results.values()];
  const failed = all.some((result) => result.failed > 0);
  if (all.length === 0 || (code !== 0 && !failed)) all.push({ title: 'Vitest', ...settle(undefined, code), note: badEnd(all, code) });
  return all;
}

const badEnd = (results, code) => (results.length === 0 ? 'it did not report any test' : `it ended with exit code ${code}`);

/** A journey that only passed when tried again failed. */
export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped, duration = 0 } = report.stats;
  const failed = unexpected + flaky;
  const files = (report.suites ?? []).map((suite) => ({ name: `e2e/src/${suite.file}`, seconds: secondsOf(suite) }));
  return { passed: expected, failed: failed === 0 ? report.errors.length : failed, skipped, seconds: duration / 1000, files };
}

function secondsOf({ specs = [], suites = [] }) {
  const results = specs.flatMap(({ tests }) => tests.flatMap((test) => test.results));
  return results.reduce((sum, { duration }) => sum + duration / 1000, 0) + suites.reduce((sum, suite) => sum + secondsOf(suite), 0);
}

function freshReport(name) {
  mkdirSync(reports, { recursive: true });
  const file = join(reports, name);
  rmSync(file, { force: true });
  return file;
}

function exitCode(command, args, env) {
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: toolEnvironment({ ...plain, ...env }), stdio: ['ignore', 'inherit', 'inherit'] });
    // Whoever stops the tests stops the runner too; what it started goes with it.
    const stop = () => {
      child.kill();
      process.exit(143);
    };
    process.once('SIGTERM', stop);
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('close', (code) => {
      process.off('SIGTERM', stop);
      resolve(code ?? 1);
    });
  });
}

/** Prints a table of the runners and of the slowest files, and the sum as the last line. Returns whether all is well. */
export function printTotals(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) for (const key of Object.keys(sum)) sum[key] += result[key];
  for (const line of ['', ...runnerTable(results), ...slowestFiles(results), '']) console.log(line);
  for (const { title, note } of results) if (note) console.log(`${title}: ${note}`);
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed === 0;
}

const cells = (values, widths) =>
  values.map((value, index) => (index === 0 ? value.padEnd(widths[0]) : value.padStart(widths[index]))).join('  ');

function runnerTable(results) {
  const widths = [Math.max(28, ...results.map(({ title }) => title.length)), 7, 7, 7, 8];
  const row = ({ title, passed, failed, skipped, seconds = 0 }) =>
    cells([title, String(passed), String(failed), String(skipped), seconds.toFixed(1)], widths);
  return [cells(['Runner', 'passed', 'failed', 'skipped', 'seconds'], widths), ...results.map(row)];
}

/** Two workers share the files of a runner, so their seconds add up to more than the clock shows. */
function slowestFiles(results) {
  const files = results.flatMap(({ title, files = [] }) => files.map((file) => ({ ...file, title })));
  if (files.length === 0) return [];
  const slowest = files.toSorted((one, other) => other.seconds - one.seconds).slice(0, 10);
  return ['', 'Slowest files', ...slowest.map(({ name, title, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name} (${title})`)];
}

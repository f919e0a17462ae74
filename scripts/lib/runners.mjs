// Runs the test runners and reads their totals from their own reports, never from their words.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from './prepare.mjs';
import { root, runtime } from './project.mjs';

const reports = join(root, 'test-results/reports');

/** Runs one of vitest's projects. Resolves to `{ title, passed, failed, skipped }`. */
export function runVitest(title, project, env = {}) {
  const file = freshReport(`vitest-${project}.json`);
  const tool = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [tool, 'run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  return runAndCount(title, { args, env, file, count: countVitest });
}

/** Runs the browser journeys. Resolves to `{ title, passed, failed, skipped }`. */
export function runPlaywright(title, env) {
  const file = freshReport('playwright.json');
  const tool = join(root, 'node_modules/@playwright/test/cli.js');
  const args = [tool, 'test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'];
  return runAndCount(title, { args, env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }, file, count: countPlaywright });
}

/** Runs a check that either holds or does not. */
export async function runCheck(title, command, args) {
  console.log(`\n── ${title}`);
  const code = await exitCode(command, args, {});
  return { title, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function runAndCount(title, { args, env, file, count }) {
  console.log(`\n── ${title}`);
  const code = await exitCode(runtime(), args, env);
  const counted = existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  return { title, ...settle(counted, code) };
}

/** A runner that ended badly, or said nothing, failed at least once, whatever its report counts. */
export function settle(counted, code) {
  if (!counted || counted.passed + counted.failed === 0)
    return { passed: 0, failed: 1, skipped: counted?.skipped ?? 0, note: 'it did not report any test' };
  if (code !== 0 && counted.failed === 0) return { ...counted, failed: 1, note: `it ended with exit code ${code}` };
  return counted;
}

/** A file that could not even be loaded has no tests; it counts as one that failed. */
export function countVitest(report) {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A journey that only passed when tried again failed. */
export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  return { passed: expected, failed: failed === 0 ? report.errors.length : failed, skipped };
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

/** Prints a line per runner and the sum as the last line. Returns whether all is well. */
export function printTotals(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  console.log('');
  for (const result of results) {
    for (const key of Object.keys(sum)) sum[key] += result[key];
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
    console.log(`${result.title}: ${result.passed} passed, ${result.failed} failed${skipped}${result.note ? ` (${result.note})` : ''}`);
  }
  if (sum.skipped > 0) console.log(`${sum.skipped} skipped`);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0;
}

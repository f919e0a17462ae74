import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMutation, type Mutation } from './mutations.ts';
import { runtime } from './project.mjs';

export type Outcome = { mutation: Mutation; caught: boolean; note: string };
export type FileReport = {
  name: string;
  status: string;
  message: string;
  assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
};

/** A mutation that makes the code go on for ever shows nothing either. */
const longestRunMs = 10 * 60_000;

/** Runs tests in a copy of the project. `stop` ends the run that goes on, if any. */
export function createMutationRuns(copy: string) {
  let running: ChildProcess | undefined;

  return {
    stop: () => running?.kill(),

    /** Whether the tests go red with the mutation: each file that it names, by a test that fails and not by code that cannot be loaded. */
    async run(mutation: Mutation): Promise<Outcome> {
      const path = join(copy, mutation.file);
      const before = readFileSync(path, 'utf8');
      try {
        writeFileSync(path, applyMutation(mutation, before));
        const reports = await runFiles(mutation.tests, mutation.database);
        return { mutation, ...judge(mutation.tests, reports) };
      } catch (error) {
        return { mutation, caught: false, note: error instanceof Error ? error.message : String(error) };
      } finally {
        writeFileSync(path, before);
      }
    },

    /** Why the tests prove nothing: what of them is red without any mutation. */
    async redWithout(files: readonly string[], database: Mutation['database']): Promise<string[]> {
      const reports = await runFiles(files, database);
      const missing = files.filter((file) => !reports.some(({ name }) => name.endsWith(`/${file}`)));
      const red = reports.flatMap((file) => (file.status === 'passed' ? [] : [firstFailed(file) ?? `${file.name}: ${file.message}`]));
      return [...missing.map((file) => `${file} was not run`), ...red];
    },
  };

  /** The one place that knows how tests are started: each file in one project, the one of its database where there are several. */
  async function runFiles(files: readonly string[], database: Mutation['database']): Promise<FileReport[]> {
    const listed = await vitest<{ file: string; projectName: string }[]>(['list', '--filesOnly', ...files], '--json');
    const projects = new Set(
      files.flatMap((file) => {
        const names = listed.filter((each) => each.file.endsWith(`/${file}`)).map(({ projectName }) => projectName);
        return names.find((name) => name.endsWith(database ?? 'pglite')) ?? names.slice(0, 1);
      }),
    );
    const args = ['run', ...[...projects].flatMap((name) => ['--project', name]), '--reporter=json', ...files];
    const env: Record<string, string> = database === undefined ? {} : { TEST_DATABASE: database };
    return (await vitest<{ testResults: FileReport[] }>(args, '--outputFile', env)).testResults;
  }

  async function vitest<Report>(args: string[], outputOption: string, env: Record<string, string> = {}): Promise<Report> {
    const file = join(copy, 'vitest-report.json');
    rmSync(file, { force: true });
    const tool = join(copy, 'node_modules/vitest/vitest.mjs');
    const child = spawn(runtime(), [tool, ...args, `${outputOption}=${file}`], {
      cwd: copy,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    const timer = setTimeout(() => child.kill(), longestRunMs);
    await new Promise<void>((resolve, reject) => child.once('close', () => resolve()).once('error', reject));
    clearTimeout(timer);
    running = undefined;
    if (!existsSync(file)) throw new Error(`The tests did not come to an end: ${complaints.trim().slice(-500) || 'no report'}`);
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  }
}

/** Red by a test of each file. One that took too long says nothing: the machine may have been busy. */
export function judge(files: readonly string[], reports: readonly FileReport[]): Omit<Outcome, 'mutation'> {
  const failed: string[] = [];
  for (const file of files) {
    const report = reports.find(({ name }) => name.endsWith(`/${file}`));
    if (report === undefined) return { caught: false, note: `${file} was not run` };
    const first = firstFailed(report);
    if (first === undefined && report.status !== 'passed')
      return { caught: false, note: `${file} did not run its tests to their end: ${report.message}` };
    if (first === undefined) return { caught: false, note: `${file} stays green` };
    failed.push(first);
  }
  return { caught: true, note: failed.join('; ') };
}

const firstFailed = ({ assertionResults }: FileReport): string | undefined =>
  assertionResults.find(({ status, failureMessages = [] }) => status === 'failed' && !failureMessages.some(isTimeout))?.fullName;
const isTimeout = (message: string) => /(?:Test|Hook) timed out in/.test(message);

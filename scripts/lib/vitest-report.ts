import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** What one file of tests came to; `project` is the one of vitest.config.ts that ran it. */
export type FileReport = { project: string; file: string; passed: number; failed: number; skipped: number; seconds: number };

/** Writes a FileReport per file, as JSON, to the path in TEST_REPORT. A file that cannot be loaded counts as one failure. */
export default class FileReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const path = process.env['TEST_REPORT'];
    if (path !== undefined) writeFileSync(path, JSON.stringify(modules.map(reportOf)));
  }
}

function reportOf(module: TestModule): FileReport {
  const states = [...module.children.allTests()].map((test) => test.result().state);
  const count = (state: string) => states.filter((each) => each === state).length;
  const failed = count('failed');
  const unloaded = module.state() === 'failed' && failed === 0 ? 1 : 0;
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  return {
    project: module.project.name,
    file: relative(module.project.vitest.config.root, module.moduleId),
    passed: count('passed'),
    failed: failed + unloaded,
    // What a broken run never came to is neither passed nor skipped.
    skipped: count('skipped'),
    seconds: (collectDuration + setupDuration + duration) / 1000,
  };
}

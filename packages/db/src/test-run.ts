import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'TEST_RUN';

/** Names this run of the tests for all of its workers, so that what they leave can be found at its end. */
export function beginTestRun(): void {
  process.env[variable] = `${process.pid}_${Date.now().toString(36)}`;
}

/** How the names of this run's databases on PostgreSQL begin. */
export const testDatabasePrefix = (): string => `granary_test_${process.env[variable] ?? 'alone'}_`;

/** How the paths of this run's data folders begin. */
export const testFolderPrefix = (): string => join(tmpdir(), `granary-test-${process.env[variable] ?? 'alone'}-`);

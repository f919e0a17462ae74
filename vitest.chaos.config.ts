import { defineConfig } from 'vitest/config';

/**
 * Scenarios that break what the program stands on. Not part of the other projects: each has processes, disks or clusters of its own.
 * `CHAOS=short` runs a short form of each.
 */
export default defineConfig({
  test: {
    name: 'chaos',
    include: ['apps/api/src/chaos/**/*.chaos.ts'],
    globalSetup: ['packages/db/src/remove-test-databases.ts'],
    // One after the other: each wants the machine to itself.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
    expect: { requireAssertions: true },
  },
});

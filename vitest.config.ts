import { defineConfig } from 'vitest/config';

/** The same files run on each database; TEST_DATABASE tells `createTestDatabase` which. */
function databaseProject(kind: 'pglite' | 'postgres') {
  return {
    test: {
      name: `api-${kind}`,
      include: ['apps/api/src/**/*.test.ts', 'packages/db/src/**/*.test.ts'],
      env: { TEST_DATABASE: kind },
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
}

export default defineConfig({
  test: {
    // The machines this runs on have few cores and the embedded database uses one each.
    maxWorkers: 2,
    // A test that asserts nothing does not count.
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/{contract,domain,corpus}/src/**/*.test.ts', 'apps/web/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
        },
      },
      { extends: true, ...databaseProject('pglite') },
      { extends: true, ...databaseProject('postgres') },
    ],
  },
});

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The same files run on each database; TEST_DATABASE tells `createTestDatabase` which. */
function databaseProject(kind: 'pglite' | 'postgres') {
  return {
    test: {
      name: `api-${kind}`,
      include: ['apps/api/src/**/*.test.ts', 'packages/db/src/**/*.test.ts'],
      env: { TEST_DATABASE: kind },
      setupFiles: ['packages/db/src/close-test-databases.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
}

/** Files that take longest: begun last, they would keep one core busy alone. */
const longest = [
  'build-kill.test.ts',
  'kill.test.ts',
  'push.test.ts',
  'builder.test.ts',
  'starvation.test.ts',
  'imports.test.ts',
  'migrate.test.ts',
  'splits.test.ts',
  'cli.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    // The machines this runs on have few cores and the embedded database uses one each.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A test that asserts nothing does not count.
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Generous: how busy the machine is must not decide.
          testTimeout: 60_000,
          include: ['packages/{contract,domain,corpus}/src/**/*.test.ts', 'apps/web/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
        },
      },
      { extends: true, ...databaseProject('pglite') },
      { extends: true, ...databaseProject('postgres') },
    ],
  },
});

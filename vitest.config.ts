import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { findPostgres } from './packages/db/src/find-postgres.ts';

type Kind = 'pglite' | 'postgres';

/**
 * Files whose SQL, driver, locking or recovery differs between the two databases: they run on both. Everything else runs on
 * PostgreSQL only where one answers, unless TEST_FULL is set; without a PostgreSQL, everything runs on the embedded database.
 */
const differsByDatabase = [
  'packages/db/src/**/*.test.ts',
  'apps/api/src/{disk-space,kill,start}.test.ts',
  'apps/api/src/{jobs,search}/**/*.test.ts',
  'apps/api/src/modules/entries/projections.test.ts',
  'apps/api/src/modules/imports/**/*.test.ts',
  'apps/api/src/modules/reviews/assignment.test.ts',
  'apps/api/src/modules/snapshots/builder.test.ts',
];

const full = process.env['TEST_FULL'] === '1';

const files = globSync('{apps/api,packages/db}/src/**/*.test.ts');
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const filesWith = (pattern: RegExp) => [...texts].filter(([, text]) => pattern.test(text)).map(([file]) => file);

/** Tests of the server that need no database count among the unit tests. */
const withDatabase = filesWith(/\b(createTest[A-Z]\w+|createCommunity|startServerProcess|openDatabase|fuzz)\b/);
const withoutDatabase = [...texts.keys()].filter((file) => !withDatabase.includes(file));
/** A module that is replaced must not have been loaded by an earlier file: these have a process of their own. */
const alone = filesWith(/\bvi\.mock\(/);

const url = await findPostgres();
/** Each file on one database, for whoever works on it. */
const once = process.env['TEST_ONCE'] === '1' && !full;

/** The same files run on each database; TEST_DATABASE tells `createTestDatabase` which. */
function databaseProjects(kind: Kind) {
  const whole = full || (kind === 'postgres') === (url !== undefined);
  const shared = {
    env: { TEST_DATABASE: kind, ...(url === undefined ? {} : { TEST_DATABASE_URL: url }) },
    setupFiles: ['apps/api/src/leave-no-stubs.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  };
  const include = whole ? withDatabase : globSync(differsByDatabase).filter((file) => withDatabase.includes(file));
  const project = (name: string, files: string[], isolate: boolean) =>
    files.length === 0 ? [] : [{ extends: true as const, test: { ...shared, name, include: files, isolate } }];
  return [
    ...project(
      `api-${kind}`,
      include.filter((file) => !alone.includes(file)),
      false,
    ),
    ...project(
      `api-${kind}-alone`,
      include.filter((file) => alone.includes(file)),
      true,
    ),
  ];
}

/** Files that take longest: begun last, they would keep one core busy alone. */
const longest = [
  'fuzz.test.ts',
  'build-kill.test.ts',
  'kill.test.ts',
  'push.test.ts',
  'builder.test.ts',
  'crowds.test.ts',
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
    // More room for what lives a moment: a tenth of the processor time went into clearing it away.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
    // A test that asserts nothing does not count.
    expect: { requireAssertions: true },
    globalSetup: ['packages/db/src/remove-test-databases.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          isolate: false,
          setupFiles: ['apps/api/src/leave-no-stubs.ts'],
          // Generous: how busy the machine is must not decide.
          testTimeout: 60_000,
          include: [
            'packages/{contract,domain,corpus}/src/**/*.test.ts',
            'apps/web/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            ...withoutDatabase,
          ],
        },
      },
      ...(url === undefined ? [] : databaseProjects('postgres')),
      ...(once && url !== undefined ? [] : databaseProjects('pglite')),
    ],
  },
});

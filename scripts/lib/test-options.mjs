/** What `npm test` was asked for. Plain JavaScript for Node 20.19 and newer. */

const usage = `npm test                    every test; what does not differ between the databases runs on PostgreSQL, where one answers
npm test -- --full          every test on both databases
npm test -- --changed       what the uncommitted change can affect; --changed REV: all that has changed since REV
npm test -- NAME …          the files of tests whose path contains a NAME
npm test -- --shuffle SEED  files and tests in a random order that the seed gives`;

/** The command line is wrong; the message says what there is. */
export class UsageError extends Error {}

/**
 * `{ full, changed, shuffle, names }`; `changed` is a revision or undefined. Options also count when the `--` was forgotten:
 * npm then puts them among its settings. Throws UsageError for anything else.
 */
export function testOptions(argv, env) {
  const setting = (name) => [env[`npm_config_${name}`]].find((value) => value !== undefined && value !== '' && value !== 'false');
  const options = { full: setting('full') !== undefined, changed: revision(setting('changed')), shuffle: setting('shuffle'), names: [] };
  for (let index = 0; index < argv.length; index += 1) {
    const [name, given] = argv[index].split(/=(.*)/s, 2);
    const value = () => given ?? (argv[index + 1]?.startsWith('-') === false ? argv[(index += 1)] : undefined);
    if (name === '--full') options.full = true;
    else if (name === '--changed') options.changed = value() ?? 'HEAD';
    else if (name === '--shuffle') options.shuffle = value();
    else if (name.startsWith('-')) throw new UsageError(`npm test does not know ${name}.\n${usage}`);
    else options.names.push(argv[index]);
  }
  if (options.shuffle !== undefined && !/^\d+$/.test(options.shuffle)) throw new UsageError(`--shuffle takes a whole number.\n${usage}`);
  return options;
}

function revision(value) {
  return value === 'true' ? 'HEAD' : value;
}

import { parseArgs } from 'node:util';

export type BenchOptions = {
  /** Entries in the database (rows of the file for `import`). */
  size: number;
  /** Length of each measured run. */
  seconds: number;
  /** Build the generated database again even when it is there. */
  fresh: boolean;
  /** File the server's CPU profile goes to (a folder); none without `--profile`. */
  profile: string | undefined;
};

const usage = `Options:
  --size N       entries in the database, or rows to import
  --seconds N    length of each measured run (default 20)
  --fresh        build the generated database again
  --drop         drop every database that benchmarks made, and stop
  --profile DIR  write a CPU profile of the server into DIR`;

/** Reads a benchmark's command line; a wrong option ends the process with the list of options. */
export function readOptions(defaultSize: number): BenchOptions & { drop: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        size: { type: 'string' },
        seconds: { type: 'string' },
        fresh: { type: 'boolean' },
        drop: { type: 'boolean' },
        profile: { type: 'string' },
      },
    });
    return {
      size: positive('size', values.size ?? String(defaultSize)),
      seconds: positive('seconds', values.seconds ?? '20'),
      fresh: values.fresh ?? false,
      drop: values.drop ?? false,
      profile: values.profile,
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    process.exit(2);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0, not ${text}`);
  return value;
}

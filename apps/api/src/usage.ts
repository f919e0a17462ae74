import { version } from './version.ts';

const usage = (command: string) => `${command}

Options
  --port NUMBER    port to listen on (PORT; else 4321)
  --host ADDRESS   address to listen on (HOST; else 127.0.0.1)
  --data FOLDER    folder of the embedded database and of files (DATA_DIR; else ./data)
  --demo           add the demo dataset (DEMO=1)
  --help           this text
  --version        the version

All settings: docs/operations.md`;

/** Answers `--help` and `--version`; true when that was all that was asked for. */
export function answerUsage(argv: readonly string[], command: string): boolean {
  if (argv.includes('--help') || argv.includes('-h')) process.stdout.write(`${usage(command)}\n`);
  else if (argv.includes('--version')) process.stdout.write(`${version}\n`);
  else return false;
  return true;
}

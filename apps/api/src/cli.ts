import { backupCommand } from './cli/backup-command.ts';
import { CliError, exitCodes, NotReachableError, RefusedError } from './cli/errors.ts';
import { downloadCommand } from './cli/download-command.ts';
import { importCommand } from './cli/import-command.ts';
import { publishCommand } from './cli/publish-command.ts';
import { restoreCommand } from './cli/restore-command.ts';
import { snapshotsCommand } from './cli/snapshots-command.ts';
import { verifyCommand } from './cli/verify-command.ts';
import { createTerminal } from './cli/terminal.ts';
import type { Command } from './cli/command.ts';
import { version } from './version.ts';

const commands: Record<string, Command> = {
  import: importCommand,
  snapshots: snapshotsCommand,
  publish: publishCommand,
  download: downloadCommand,
  verify: verifyCommand,
  backup: backupCommand,
  restore: restoreCommand,
};

const help = `Granary from the command line. It talks to a running server over its interface.

  npm run granary -- COMMAND …

Commands
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join('\n')}

Options of every command
  --server URL   address of the server (or GRANARY_SERVER; else http://127.0.0.1:4321)
  --token T      personal access token (or GRANARY_TOKEN); make one on the page "Account"
  --help         how the command is used
  --version      the version of this program

Exit codes: 0 done; 1 the server refused or something failed; 2 wrong usage; 3 imported, but some rows were not taken.
`;

async function main(argv: string[]): Promise<number> {
  const terminal = createTerminal(process.stdout, process.stderr);
  const [name, ...rest] = argv;
  if (name === '--version') {
    terminal.print(version);
    return exitCodes.done;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    terminal.print(help);
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new CliError(`There is no command "${name}". Known: ${Object.keys(commands).join(', ')}.`);
    if (rest.includes('--help')) {
      terminal.print(command.help);
      return exitCodes.done;
    }
    return await command.run(rest, terminal);
  } catch (error) {
    if (error instanceof CliError) {
      terminal.complain(`${error.message}\nSee: npm run granary -- ${name in commands ? `${name} ` : ''}--help`);
      return exitCodes.usage;
    }
    if (error instanceof RefusedError || error instanceof NotReachableError) {
      terminal.complain(error.message);
      return exitCodes.failed;
    }
    throw error;
  }
}

process.exitCode = await main(process.argv.slice(2));

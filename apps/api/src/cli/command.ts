import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { createClient, type Client } from './client.ts';
import { CliError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export type Command = {
  summary: string;
  help: string;
  /** Resolves to the exit code. */ run(argv: string[], terminal: Terminal): Promise<number>;
};

const shared = { server: { type: 'string' }, token: { type: 'string' } } as const satisfies ParseArgsOptionsConfig;

/** Reads a command's arguments and makes the client they name. Throws CliError. */
export function readArguments<const T extends ParseArgsOptionsConfig>(argv: string[], options: T, positionalNames: readonly string[]) {
  const parsed = parse(argv, options);
  const { positionals } = parsed;
  if (positionals.length > positionalNames.length) throw new CliError(`One argument too many: "${positionals[positionalNames.length]}".`);
  return { ...parsed, client: clientFor(parsed.values as { server?: string; token?: string }) };
}

function parse<const T extends ParseArgsOptionsConfig>(argv: string[], options: T) {
  try {
    return parseArgs({ args: argv, options: { ...shared, ...options }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CliError((error as Error).message, { cause: error });
  }
}

function clientFor({ server, token }: { server?: string; token?: string }): Client {
  // An empty variable is one that is not set.
  const address = server ?? (process.env['GRANARY_SERVER'] || 'http://127.0.0.1:4321');
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw new CliError(`--server: "${address}" is not an address such as http://127.0.0.1:4321.`);
  return createClient(address.replace(/\/+$/, ''), token ?? (process.env['GRANARY_TOKEN'] || undefined));
}

/** The positional argument at a place. Throws CliError when it is missing. */
export function needed(positionals: readonly string[], index: number, name: string): string {
  const value = positionals[index];
  if (value === undefined || value === '') throw new CliError(`${name} is missing.`);
  return value;
}

/** npm runs scripts at the root of the project; a path means what it means where the person stands. */
export function fromHere(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

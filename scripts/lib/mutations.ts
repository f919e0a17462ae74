import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One deliberate break of the code, as a file in `scripts/mutations` says it; its README describes the fields. */
export interface Mutation {
  name: string;
  kind: string;
  breaks: string;
  file: string;
  find: string;
  replace: string;
  tests: string[];
  database: 'pglite' | 'postgres' | undefined;
}

const fields = new Set(['kind', 'breaks', 'file', 'find', 'replace', 'tests', 'database']);

/** All mutations of a folder, by name. Throws when a file is not what the README asks for. */
export function readMutations(folder: string): Mutation[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => parseMutation(file.slice(0, -'.yaml'.length), readFileSync(join(folder, file), 'utf8')));
}

/** Throws, naming the file and the field, when the text is not a mutation. */
export function parseMutation(name: string, text: string): Mutation {
  const refuse = (problem: string): never => {
    throw new Error(`scripts/mutations/${name}.yaml: ${problem}`);
  };
  const given: unknown = parse(text);
  if (typeof given !== 'object' || given === null) return refuse('it must have fields');
  const read = new Map<string, unknown>(Object.entries(given));
  for (const field of read.keys()) if (!fields.has(field)) refuse(`there is no field ${field}`);
  const words = (field: string): string => {
    const value = read.get(field);
    return typeof value === 'string' ? value : refuse(`${field} must be text`);
  };
  const filled = (field: string): string => words(field) || refuse(`${field} must not be empty`);
  const tests = read.get('tests');
  if (!Array.isArray(tests) || tests.length === 0 || !tests.every((file) => typeof file === 'string'))
    return refuse('tests must be a list of test files');
  const database = read.get('database');
  if (database !== undefined && database !== 'pglite' && database !== 'postgres') return refuse('database must be pglite or postgres');
  const texts = { kind: filled('kind'), breaks: filled('breaks'), file: filled('file'), find: filled('find'), replace: words('replace') };
  if (texts.find === texts.replace) refuse('find and replace are the same');
  return { name, ...texts, tests: tests.map(String), database };
}

/** The content of its file with the mutation in it. Throws when the text to find is not there exactly once. */
export function applyMutation({ name, file, find, replace }: Mutation, content: string): string {
  const [before = '', after, ...more] = content.split(find);
  if (after === undefined) throw new Error(`${name} does not apply: ${file} no longer holds the text to find`);
  if (more.length > 0) throw new Error(`${name} does not apply: ${file} holds the text to find ${more.length + 1} times`);
  return before + replace + after;
}

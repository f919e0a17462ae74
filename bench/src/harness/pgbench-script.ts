import { withClient } from './postgres.ts';
import type { RecordedStatement } from './wire-recorder.ts';

/** A transaction for pgbench: the script and the variables (`-D`) it takes its constants from. */
export type PgbenchScript = { text: string; variables: Record<string, string> };

/** A value that must differ with every execution, and the texts and variables (`:name`) it is put together from. */
export type Varying = { value: string; pieces: readonly string[] };

export type ScriptOptions = {
  /** Tells the scripts of one run apart; letters and digits. */
  name: string;
  databaseUrl: string;
  /** Lines before the first statement, such as `\set u random(1, 9)`. */
  prologue?: string;
  /** What to put where certain values stood: the caller, an idempotency key. */
  varying?: readonly Varying[];
};

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Turns recorded statements into a script that does the same work with every execution: constants stay parameters, ids
 * that the program made up become new ones, and values that an earlier statement answered with are taken from its answer.
 */
export async function scriptOf(statements: readonly RecordedStatement[], options: ScriptOptions): Promise<PgbenchScript> {
  const writer = createParameterWriter(statements, options);
  const lines: string[] = [];
  for (const [index, statement] of statements.entries()) {
    const types = statement.params.length === 0 ? [] : await parameterTypes(options.databaseUrl, statement.sql);
    const sql = hideColons(statement.sql).replace(/\$(\d+)/g, (_, number: string) =>
      writer.parameter(index, Number(number) - 1, types[Number(number) - 1] ?? 'text'),
    );
    lines.push(sql.replace(/\s*\n\s*/g, ' ').trim());
  }
  const text = lines
    .map((sql, index) => (writer.answers.has(index) ? `${sql} \\gset ${prefix(options.name, index)}` : `${sql};`))
    .join('\n');
  return {
    text: `\\set n :n + 1\n\\set tail 100000000000 + :n * 256 + :client_id\n${options.prologue ?? ''}\n${text}\n`,
    variables: { ...writer.variables, n: '0' },
  };
}

const prefix = (name: string, index: number) => `${name}_a${index}_`;

function createParameterWriter(statements: readonly RecordedStatement[], { name, varying = [] }: ScriptOptions) {
  const variables: Record<string, string> = {};
  /** Statements whose answer later ones use. */
  const answers = new Set<number>();
  const made = new Map<string, readonly string[]>();
  let constants = 0;

  const constant = (value: string) => {
    const variable = `${name}_c${(constants += 1)}`;
    variables[variable] = value;
    return `:${variable}`;
  };
  /** What stands for a UUID in statement `index`: an earlier answer, a new one, or itself when it is a constant. */
  const piecesOfUuid = (index: number, value: string): readonly string[] => {
    if (knownIds.test(value)) return [value];
    for (let earlier = index - 1; earlier >= 0 && !made.has(value); earlier -= 1) {
      const { rows, columns } = statements[earlier] as RecordedStatement;
      const column = rows.length === 1 ? (rows[0]?.indexOf(value) ?? -1) : -1;
      if (column >= 0) {
        answers.add(earlier);
        return [`:${prefix(name, earlier)}${columns[column]}`];
      }
      // It came inside something larger (JSON, one of several rows): it stays what it was.
      if (rows.some((row) => row.some((cell) => cell?.includes(value)))) return [value];
    }
    const pieces = made.get(value) ?? newId(made.size);
    made.set(value, pieces);
    return pieces;
  };
  return {
    variables,
    answers,
    parameter(index: number, position: number, type: string): string {
      const value = statements[index]?.params[position] ?? null;
      if (value === null) return `NULL::${type}`;
      const pieces = joinTexts(
        takeApart(value, varying).flatMap((part) =>
          typeof part === 'string' ? piecesOf(part, (id) => piecesOfUuid(index, id)) : part.pieces,
        ),
      );
      const values = pieces.map((piece) => (isVariable(piece) ? piece : constant(piece)));
      // A variable alone takes the type that the statement wants of it, as the program's parameter did.
      return values.length === 1 ? (values[0] as string) : `${concat(values.map((each) => `${each}::text`))}::${type}`;
    },
  };
}

/** A function takes a hundred arguments at most. */
function concat(values: readonly string[]): string {
  const chunks = Array.from(
    { length: Math.ceil(values.length / 90) },
    (_, index) => `concat(${values.slice(index * 90, index * 90 + 90).join(', ')})`,
  );
  return chunks.length === 1 ? (chunks[0] as string) : concat(chunks);
}

/** Ids of the generated people, categories and the dataset (see population.ts): they exist, so they stay. */
const knownIds = /^.{14}700[1-4]/;

/** Cuts a value where something varying stands in it. */
function takeApart(value: string, varying: readonly Varying[]): (string | Varying)[] {
  let parts: (string | Varying)[] = [value];
  for (const known of varying)
    parts = parts.flatMap((part) =>
      typeof part === 'string' ? part.split(known.value).flatMap((text, index) => (index === 0 ? [text] : [known, text])) : [part],
    );
  return parts;
}

function piecesOf(text: string, ofUuid: (id: string) => readonly string[]): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(uuid)) {
    pieces.push(text.slice(from, match.index), ...ofUuid(match[0]));
    from = match.index + match[0].length;
  }
  return [...pieces, text.slice(from)];
}

const isVariable = (piece: string) => /^:[a-z]\w*$/.test(piece);

/** Joins neighbouring texts and leaves empty ones out; what begins with a colon is a variable. */
function joinTexts(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece === '') continue;
    if (last !== undefined && !isVariable(last) && !isVariable(piece)) joined[joined.length - 1] = last + piece;
    else joined.push(piece);
  }
  return joined.length === 0 ? [''] : joined;
}

/**
 * A version-7 UUID that grows from one execution to the next, as the program's own do: it begins with the time of the run
 * and ends with a number whose twelve decimal digits are taken for hexadecimal ones.
 */
function newId(number: number): readonly string[] {
  return [':run', `-7${number.toString(16).padStart(3, 'f')}-8fff-`, ':tail'];
}

/** pgbench takes every `:name` for a variable, inside quotes too. */
function hideColons(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, (literal) =>
    /:\w/.test(literal) ? `(${literal.replace(/:(?=\w)/g, "' || chr(58) || '")})` : literal,
  );
}

const typesBySql = new Map<string, string[]>();

/** What PostgreSQL takes each parameter of a statement for. */
async function parameterTypes(databaseUrl: string, sql: string): Promise<string[]> {
  const known = typesBySql.get(sql);
  if (known) return known;
  const types = await withClient(databaseUrl, async (client) => {
    await client.query(`PREPARE asked AS ${sql}`);
    const { rows } = await client.query<{ types: string[] }>(
      `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'asked'`,
    );
    return rows[0]?.types ?? [];
  });
  typesBySql.set(sql, types);
  return types;
}

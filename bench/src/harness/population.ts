import { createHmac } from 'node:crypto';

/**
 * The made-up people of a generated database and how to act as one of them. Ids are computed, so that SQL, pgbench
 * scripts and the load agree on them without asking each other.
 */
export const authorCount = 3_000;
export const reviewerCount = 1_000;
/** People are numbered from here, authors first, so that every number has five digits. */
export const firstAuthor = 10_001;
export const firstReviewer = firstAuthor + authorCount;
export const datasetSlug = 'bench';
/** Dolly's categories with their share of its 15,000 rows, in percent. */
export const categories = [
  ['open_qa', 25],
  ['general_qa', 15],
  ['classification', 14],
  ['closed_qa', 12],
  ['brainstorming', 12],
  ['information_extraction', 10],
  ['summarization', 7],
  ['creative_writing', 5],
] as const;

/** The generated time span; ids begin with their time, as those the program makes do. */
export const spanBeginMs = Date.UTC(2024, 0, 1);
export const spanEndMs = Date.UTC(2026, 0, 1);

/** Which table an id belongs to: the three hexadecimal digits behind the version. */
export const idKinds = {
  user: '001',
  session: '002',
  dataset: '003',
  category: '004',
  instruction: '00a',
  response: '00b',
  instructionRevision: '01a',
  responseRevision: '01b',
  task: '02a',
  review: '03a',
} as const;
export type IdKind = keyof typeof idKinds;

/** SQL of the version-7 UUID of a kind with a number (its decimal digits are taken as they are), at a time (milliseconds). */
export function idSql(kind: IdKind, number: string, ms: string): string {
  return `(lpad(to_hex((${ms})::bigint), 12, '0') || '7${idKinds[kind]}8' || lpad((${number})::text, 15, '0'))::uuid`;
}

/** The same in JavaScript, for people, their sessions and the dataset: all of them made at the beginning of the span. */
export function idOf(kind: IdKind, number: number): string {
  const hex = `${spanBeginMs.toString(16).padStart(12, '0')}7${idKinds[kind]}8${String(number).padStart(15, '0')}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Signs the access cookies of a benchmark's server; it is only ever given to servers that benchmarks start. */
export const benchSessionSecret = 'benchmarks-sign-their-own-cookies-with-this';

/** An id with its last five digits, a person's number, taken from a variable of pgbench. */
export function idWithVariable(kind: 'user' | 'session', variable: string): string[] {
  return [idOf(kind, 0).slice(0, -5), `:${variable}`];
}

/** The Cookie header of a signed-in person: user `number` with the session of the same number. */
export function sessionCookie(number: number): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sid: idOf('session', number), iat: now, exp: now + 86_400 })}`;
  return `granary_access=${signed}.${createHmac('sha256', benchSessionSecret).update(signed).digest('base64url')}`;
}

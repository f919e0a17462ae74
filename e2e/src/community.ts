import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { Actor } from './accounts.ts';
import { patienceMs } from './patience.ts';
import { noteAddress } from './trail.ts';

export type Pair = { instruction: string; response: string };
type Handed = { responseId: string; instructionId: string };
let datasets = 0;

/** Pairs that people wrote (the rows of databricks-dolly-15k in `fixtures`), without the mark that ends them there. */
export const realPairs: Pair[] = readFileSync(new URL('../../fixtures/imports/dolly.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair & { context: string })
  .filter(({ context, response }) => context === '' && response.length > 60)
  .map(({ instruction, response }) => ({ instruction: instruction.trim(), response: response.replace('###eos_token###', '').trim() }));

/** One of the real pairs; each number another one. */
export function realPair(number: number): Pair {
  const pair = realPairs[number];
  if (pair === undefined) throw new Error(`There are ${realPairs.length} real pairs, no number ${number}`);
  return pair;
}

/** Sends JSON as the person who is signed in there, through the interface that the page itself uses. */
export async function send<T>(
  { request }: Actor['context'],
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  path: string,
  data?: object,
): Promise<T> {
  noteAddress(path);
  const reply = await request.fetch(path, { method, timeout: patienceMs, ...(data === undefined ? {} : { data }) });
  expect(reply.ok(), `${method} ${path} answered ${reply.status()}: ${await reply.text()}`).toBe(true);
  return (await reply.json()) as T;
}

/** Makes a dataset in which one verdict decides, unless `changes` say otherwise. Resolves to its slug. */
export async function createDataset({ context }: Actor, title: string, changes: object = {}): Promise<string> {
  datasets += 1;
  const slug = `journey-${process.pid}-${datasets}`;
  const description = 'Made for one journey through the page.';
  const policy = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 3, openReview: true, floor: 'none' };
  const settings = { description, licence: 'CC-BY-4.0', languages: ['en', 'de'], policy, ...changes };
  await send(context, 'POST', '/api/v1/datasets', { slug, title, ...settings });
  return slug;
}

/** Publishes what is approved, and waits for it. Resolves to the snapshot's number. */
export async function publish({ context }: Actor, slug: string, notes = ''): Promise<number> {
  const { number } = await send<{ number: number }>(context, 'POST', `/api/v1/datasets/${slug}/snapshots`, { selection: {}, notes });
  const status = async () => (await send<{ status: string }>(context, 'GET', `/api/v1/datasets/${slug}/snapshots/${number}`)).status;
  await expect.poll(status, `status of snapshot ${number} of ${slug}`).toBe('published');
  return number;
}

export async function acceptTerms({ context }: Actor, slug: string): Promise<void> {
  const { termsVersion } = await send<{ termsVersion: number }>(context, 'GET', `/api/v1/datasets/${slug}`);
  await send(context, 'POST', `/api/v1/datasets/${slug}/terms-acceptance`, { termsVersion });
}

/** Hands a pair in, for journeys that begin where one is there already. */
export async function handIn(author: Actor, slug: string, { instruction, response }: Pair): Promise<Handed> {
  await acceptTerms(author, slug);
  const { entry } = await send<{ entry: { id: string; parentId: string } }>(author.context, 'POST', `/api/v1/datasets/${slug}/entries`, {
    kind: 'pair',
    category: 'open_qa',
    language: 'en',
    instruction: { text: instruction },
    response: { text: response },
  });
  return { responseId: entry.id, instructionId: entry.parentId };
}

type Verdict = { verdict: 'approve' } | { verdict: 'reject'; reason: string } | { verdict: 'request_changes'; note: string };

/** Gives a verdict on what waits in a dataset; only that may wait there. */
export async function review({ context }: Actor, dataset: string, verdict: Verdict): Promise<void> {
  const { task } = await send<{ task: { id: string } | null }>(context, 'POST', '/api/v1/review-tasks/next', { dataset });
  if (task === null) throw new Error(`Nothing waits in ${dataset}`);
  await send(context, 'POST', `/api/v1/review-tasks/${task.id}/review`, verdict);
}

/** A pair that is approved already. */
export async function approvedPair(author: Actor, reviewer: Actor, slug: string, pair: Pair): Promise<Handed> {
  const handed = await handIn(author, slug, pair);
  await review(reviewer, slug, { verdict: 'approve' });
  return handed;
}

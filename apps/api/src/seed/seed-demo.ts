import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { contributionSchema, importOptionsSchema, type ContributionInput, type Role } from '@granary/contract';
import * as z from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { ApiError } from '../errors.ts';
import type { Actor } from '../plugins/auth.ts';
import type { Services } from '../services.ts';
import { decidedContributions, demoDataset, demoUsers, reviewFor, undecidedRows, waitingContributions } from './demo-plan.ts';

const rowSchema = z.object({
  id: z.string(),
  instruction: z.string(),
  context: z.string(),
  response: z.string(),
  category: z.string(),
  origin: z.string(),
  origin_url: z.string(),
  licence: z.string(),
});
type DemoRow = z.infer<typeof rowSchema>;
type Used = Pick<Services, 'accounts' | 'datasets' | 'entries' | 'imports' | 'runImport' | 'reviews'>;

/**
 * Adds the demo dataset with its users, unless it is there: real rows in every state, made by the same services that a
 * volunteer's request reaches, so that log, counts and reviews are true. Gives back the lines to print; passwords are made
 * here and appear there alone, once.
 */
export async function seedDemo(_deps: Dependencies, services: Used): Promise<string[]> {
  const termsVersion = await createDataset(services);
  if (termsVersion === null) return [];
  const writer = await addUser(services, demoUsers.writer);
  const reader = await addUser(services, demoUsers.reader);
  const moderator = await addUser(services, demoUsers.moderator);
  await services.datasets.acceptTerms(writer.actor.id, demoDataset.slug, termsVersion);

  const rows = await readRows();
  await importRows(
    services,
    moderator.actor,
    rows.filter(({ id }) => !undecidedRows.has(id)),
  );
  for (const contribution of decidedContributions) await submit(services, writer.actor, contribution);
  await reviewAll(services, reader.actor, new Map(rows.map(({ id, instruction }) => [instruction.trim(), id])));
  await importRows(
    services,
    moderator.actor,
    rows.filter(({ id }) => undecidedRows.has(id)),
  );
  for (const contribution of waitingContributions) await submit(services, writer.actor, contribution);

  return [
    `The dataset "${demoDataset.title}" was added, with users to sign in as. Their passwords are shown only now:`,
    ...[writer, reader, moderator].map(({ line }) => `                   ${line}`),
  ];
}

/** The version of the new dataset's terms; null when the demo is there or another process is adding it. */
async function createDataset({ datasets }: Used): Promise<number | null> {
  const existing = await datasets.list();
  if (existing.some(({ slug }) => slug === demoDataset.slug)) return null;
  try {
    // One review decides, whoever gives it, so that a single visitor sees the whole way of a pair.
    const policy = {
      kind: 'fixed',
      approvals: 1,
      rejections: 1,
      changeRequests: 1,
      maxReviews: 5,
      openReview: true,
      floor: 'none',
    } as const;
    return (await datasets.create(null, { ...demoDataset, policy })).termsVersion;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'slug_taken') return null;
    throw error;
  }
}

async function addUser(
  { accounts }: Used,
  user: { email: string; displayName: string; role: Role },
): Promise<{ actor: Actor; line: string }> {
  const password = randomBytes(12).toString('base64url');
  const id = await accounts.createAccount({ ...user, password, languages: ['en', 'de'] });
  const actor: Actor = { id, role: user.role, displayName: user.displayName, scopes: null, via: 'session', sessionId: null };
  return { actor, line: `${user.email.padEnd(24)} ${password}   (${user.role})` };
}

async function readRows(): Promise<DemoRow[]> {
  const text = await readFile(new URL('demo-rows.jsonl', import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => rowSchema.parse(JSON.parse(line)));
}

/** One import per origin, as an admin would run it. The job that `start` queues finds its work done. */
async function importRows({ imports, runImport }: Used, actor: Actor, rows: readonly DemoRow[]): Promise<void> {
  for (const [origin, own] of Map.groupBy(rows, (row) => row.origin)) {
    const { origin_url: originUrl, licence } = own[0] as DemoRow;
    const file = Buffer.from(own.map((row) => JSON.stringify(row)).join('\n'));
    const { import: added } = await imports.upload(demoDataset.slug, 'demo-rows.jsonl', toStream(file), actor);
    const options = importOptionsSchema.parse({ format: 'dolly', originName: origin, originUrl, licence, strict: true });
    await imports.start(added.id, options, actor, async () => {});
    await runImport(added.id, { signal: new AbortController().signal, lastTry: true });
    let ended = await imports.get(added.id);
    // Where several processes share the deployment, another one may have been faster to take the job.
    while (ended.status === 'queued' || ended.status === 'running') {
      await sleep(100);
      ended = await imports.get(added.id);
    }
    if (ended.status !== 'done') throw new Error(`The demo's rows were not taken: ${ended.error ?? ended.status}`);
  }
}

async function* toStream(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function submit({ entries }: Used, actor: Actor, contribution: ContributionInput): Promise<void> {
  await entries.submit(actor, {
    slug: demoDataset.slug,
    contribution: contributionSchema.parse(contribution),
    draftId: undefined,
    idempotencyRow: () => null,
  });
}

/** Takes one seat after the other until nothing waits. */
async function reviewAll({ reviews }: Used, actor: Actor, idByInstruction: ReadonlyMap<string, string>): Promise<void> {
  for (let index = 0; ; index += 1) {
    const task = await reviews.next(actor, { dataset: demoDataset.slug });
    if (task === null) return;
    const instruction = (task.instruction ?? task.path.at(-1) ?? task.entry).revision.text;
    await reviews.submit(actor, task.id, reviewFor(idByInstruction.get(instruction) ?? instruction, index), async () => {});
  }
}

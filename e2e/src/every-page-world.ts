import type { Accounts } from './accounts.ts';
import { approvedPair, createDataset, handIn, publish, realPair, send } from './community.ts';

export type EveryPageWorld = Awaited<ReturnType<typeof buildEveryPageWorld>>;

/**
 * Makes what the pages show that are looked at one by one: a dataset with two snapshots and a pair that waits for review,
 * and another one with a report. Their people act nowhere else.
 */
export async function buildEveryPageWorld(accounts: Accounts) {
  const { admin } = accounts;
  await accounts.keepSignedIn(admin);
  const [author, reviewer] = [await accounts.share('Author'), await accounts.share('Reviewer')];
  const slug = await createDataset(admin, 'Every page');
  const { responseId, instructionId } = await approvedPair(author, reviewer, slug, realPair(0));
  await publish(admin, slug, 'For every page.');
  await approvedPair(author, reviewer, slug, realPair(2));
  await publish(admin, slug, 'One more.');
  await handIn(author, slug, realPair(1));

  const reportedSlug = await createDataset(admin, 'Behind the doors');
  const reported = await approvedPair(author, reviewer, reportedSlug, realPair(0));
  const flag = { reason: 'copied', note: 'I have read this before.' };
  await send(reviewer.context, 'POST', `/api/v1/entries/${reported.responseId}/flags`, flag);
  await send(author.context, 'POST', '/api/v1/auth/password-reset', { email: author.email });
  return { author, reviewer, slug, responseId, instructionId, reportedSlug, reportedId: reported.responseId };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction } from '@granary/db';
import { afterEach, describe, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import { lockEntries } from '../entries/transition.ts';

let world: Community;
afterEach(() => world.close());

async function approvedPair() {
  const author = await world.author();
  const handed = await world.handIn(author, pairOf(1));
  const reviewer = await world.signIn();
  await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
  return { author, reviewer, entry: handed.entry, instruction: handed.instruction };
}
const reason = { reason: 'Copied from a book.' };

describe('flags', () => {
  it('takes one report per reader and entry, and lists it for moderators only', async () => {
    world = await createCommunity();
    const { entry, reviewer } = await approvedPair();
    const url = `/api/v1/entries/${entry.id}/flags`;
    expect((await world.anonymous.send('POST', url, { reason: 'copied' })).status).toBe(401);
    expect((await reviewer.send('POST', url, { reason: 'boring' })).status).toBe(400);
    expect(await reviewer.send('POST', url, { reason: 'copied', note: 'Page 12.' })).toMatchObject({
      status: 201,
      body: { status: 'open', note: 'Page 12.' },
    });
    expect(await reviewer.send('POST', url, { reason: 'spam' })).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    expect((await reviewer.send('GET', '/api/v1/flagged-entries')).status).toBe(403);
    const moderator = await world.signIn('moderator');
    expect((await moderator.send('GET', '/api/v1/flagged-entries')).body).toMatchObject({
      items: [{ entry: { id: entry.id }, flags: [{ reason: 'copied' }] }],
    });
  });

  it('takes one of two reports that a reader sends at the same moment', async () => {
    world = await createCommunity();
    const { entry, reviewer } = await approvedPair();
    const send = () => reviewer.send('POST', `/api/v1/entries/${entry.id}/flags`, { reason: 'copied' });
    let both: ReturnType<typeof send>[] = [];
    await inTransaction(world.db, async (tx) => {
      await lockEntries(tx, [entry.id]);
      both = [send(), send()];
      // Both get as far as they can before either may go on.
      await sleep(500);
    });
    expect((await Promise.all(both)).map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await world.db.prisma.flag.count()).toBe(1);
  });

  it('404 for an entry the reader cannot see', async () => {
    world = await createCommunity();
    const { entry } = await world.handIn(await world.author(), pairOf(1));
    const reader = await world.signIn();
    expect((await reader.send('POST', `/api/v1/entries/${entry.id}/flags`, { reason: 'spam' })).status).toBe(404);
  });

  it('closes them once, retracting the entry when asked', async () => {
    world = await createCommunity();
    const { entry, reviewer } = await approvedPair();
    await reviewer.send('POST', `/api/v1/entries/${entry.id}/flags`, { reason: 'copied' });
    const moderator = await world.signIn('moderator');
    const resolve = () =>
      moderator.send('POST', `/api/v1/entries/${entry.id}/flags/resolution`, { resolution: 'upheld', retract: true, ...reason });
    expect(await resolve()).toMatchObject({ status: 200, body: { entry: { status: 'retracted' }, flags: [{ status: 'upheld' }] } });
    expect(await resolve()).toMatchObject({ status: 409, body: { code: 'status_conflict' } });
    expect(await world.pairs()).toBe(0);
  });
});

describe('retract and restore', () => {
  it('takes the pair out and brings it back, with the reason in the log', async () => {
    world = await createCommunity();
    const { entry, author } = await approvedPair();
    const moderator = await world.signIn('moderator');
    expect((await author.send('POST', `/api/v1/entries/${entry.id}/moderation/retract`, reason)).status).toBe(403);
    expect((await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/retract`, { reason: '' })).status).toBe(400);
    expect((await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/restore`, reason)).status).toBe(409);
    expect((await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/retract`, reason)).body).toMatchObject({
      status: 'retracted',
    });
    expect(await world.pairs()).toBe(0);
    expect((await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/restore`, { reason: 'It is free.' })).body).toMatchObject({
      status: 'approved',
    });
    expect(await world.pairs()).toBe(1);
    const log = await moderator.send<{ items: { kind: string; payload: { reason?: string } }[] }>(
      'GET',
      `/api/v1/events?entry=${entry.id}`,
    );
    expect(log.body.items.slice(0, 2).map(({ kind, payload }) => [kind, payload.reason])).toEqual([
      ['entry_restored', 'It is free.'],
      ['entry_retracted', 'Copied from a book.'],
    ]);
  });

  it('an instruction takes its pairs along and brings them back', async () => {
    world = await createCommunity();
    const { entry, instruction } = await approvedPair();
    const moderator = await world.signIn('moderator');
    await moderator.send('POST', `/api/v1/entries/${instruction?.id}/moderation/retract`, reason);
    expect([await world.pairs(), await world.statusOf(entry.id)]).toEqual([0, 'approved']);
    await moderator.send('POST', `/api/v1/entries/${instruction?.id}/moderation/restore`, reason);
    expect(await world.pairs()).toBe(1);
  });

  it('a pair under review goes and comes back as one, with its seat', async () => {
    world = await createCommunity();
    const { entry, instruction } = await world.handIn(await world.author(), pairOf(1));
    const moderator = await world.signIn('moderator');
    await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/retract`, reason);
    expect([await world.statusOf(entry.id), await world.statusOf(instruction?.id ?? ''), await world.next(await world.signIn())]).toEqual([
      'retracted',
      'retracted',
      null,
    ]);
    await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/restore`, reason);
    const task = await world.next(await world.signIn());
    expect(task).toMatchObject({ entry: { id: entry.id }, instruction: { id: instruction?.id } });
  });

  it('404 for what is not there; 409 for deciding what is not escalated', async () => {
    world = await createCommunity();
    const { entry } = await approvedPair();
    const moderator = await world.signIn('moderator');
    expect((await moderator.send('POST', '/api/v1/entries/0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11/moderation/retract', reason)).status).toBe(
      404,
    );
    expect((await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/decision`, { verdict: 'reject', ...reason })).status).toBe(
      409,
    );
  });
});

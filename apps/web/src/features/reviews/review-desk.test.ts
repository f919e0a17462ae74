import type { ReviewInput, ReviewOutcome, ReviewTask } from '@granary/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeskServer } from '../../lib/task-desk.ts';
import { closeLesson, createReviewDesk, nothingTyped, tallyOf, type ReviewDesk, type ReviewDeskKind } from './review-desk.ts';

class Gone extends Error {}
class Passing extends Error {}

const approve: ReviewInput = { verdict: 'approve', ratings: {} };
const taskOf = (id: string) => ({ id }) as ReviewTask;
const outcomeOf = (changes: Partial<ReviewOutcome> = {}): ReviewOutcome => ({
  reviewId: 'review',
  entryId: 'entry',
  verdict: 'approve',
  status: 'approved',
  undoUntil: '2026-01-01T00:00:00.000Z',
  lesson: null,
  qualification: null,
  ...changes,
});

let queue: string[];
let said: string[];
let answers: (() => Promise<ReviewOutcome>)[];
let time: number;
let desk: ReviewDesk;
let lost: Set<string>;
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const state = () => ({ ...desk.store.get(), ...desk.store.get().sum, tally: tallyOf(desk.store.get()) });
const onPage = () => [state().phase, state().shown?.task.id ?? null, state().upcoming?.id ?? null];

beforeEach(() => {
  queue = ['a', 'b', 'c', 'd'];
  said = [];
  answers = [];
  lost = new Set();
  time = 0;
  let keys = 0;
  const server: DeskServer<ReviewDeskKind> = {
    lease: async (holding) => {
      said.push(`lease beside ${holding.join('+') || 'nothing'}`);
      const id = queue.shift();
      return id === undefined ? null : taskOf(id);
    },
    submit: async (id, input, key) => {
      said.push(`${input.verdict} ${id} ${key}`);
      return (await answers.shift()?.()) ?? outcomeOf({ reviewId: `of ${id}` });
    },
    undo: async (reviewId) => {
      said.push(`undo ${reviewId}`);
      return taskOf(reviewId.replace('of ', ''));
    },
    skip: async (id, reason) => void said.push(`skip ${id} ${reason ?? ''}`.trim()),
    heartbeat: async (id) => {
      if (lost.has(id)) throw new Gone();
      said.push(`beat ${id}`);
    },
    release: (id) => void said.push(`release ${id}`),
  };
  desk = createReviewDesk({
    server,
    now: () => time,
    newKey: () => `key${(keys += 1)}`,
    pause: async () => void said.push('pause'),
    isGone: (error) => error instanceof Gone,
    isPassing: (error) => error instanceof Passing,
  });
});

describe('leasing', () => {
  it('shows the first task and leases the one after it, saying which it has', async () => {
    await desk.start();
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(said).toEqual(['lease beside nothing', 'lease beside a']);
  });

  it('says when nothing waits, and looks again when asked', async () => {
    queue = [];
    await desk.start();
    expect(onPage()).toEqual(['empty', null, null]);
    queue = ['z'];
    await desk.retry();
    expect(onPage()).toEqual(['task', 'z', null]);
  });

  it('gives back what it holds when it is left, also what arrives after that', async () => {
    await desk.start();
    desk.submit(approve, nothingTyped);
    desk.stop();
    await settled();
    expect(said.filter((each) => each.startsWith('release')).toSorted()).toEqual(['release b', 'release c']);
  });
});

describe('a verdict', () => {
  it('shows the next task before the server has answered', async () => {
    await desk.start();
    let answer: (outcome: ReviewOutcome) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (answer = resolve)));
    time = 4_000;
    desk.submit(approve, nothingTyped);
    expect(onPage()).toEqual(['task', 'b', null]);
    await settled();
    expect(onPage()).toEqual(['task', 'b', 'c']);
    // The task whose verdict is under way is still held.
    expect(said).toContain('lease beside b+a');
    answer(outcomeOf());
    await settled();
    expect(state().tally).toEqual({ approve: 1, reject: 0, request_changes: 0, skipped: 0, decided: 1, times: [4_000] });
  });

  it('is sent again with the same key while the server is in trouble', async () => {
    await desk.start();
    answers.push(() => Promise.reject(new Passing()));
    desk.submit(approve, nothingTyped);
    await settled();
    expect(said.filter((each) => each.startsWith('approve'))).toEqual(['approve a key1', 'approve a key1']);
    expect(said).toContain('pause');
    expect(state().error).toBe(null);
  });

  it('comes back with all that was typed when it cannot be sent; what was shown waits behind it', async () => {
    await desk.start();
    const refusal = new Error('no');
    answers.push(() => Promise.reject(refusal));
    const typed = { ...nothingTyped, note: 'A long note', ratings: { clarity: 4 } };
    desk.submit(approve, typed);
    await settled();
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(state()).toMatchObject({ error: refusal, shown: { typed }, last: null, tally: { approve: 0, times: [] } });
    expect(said).toContain('release c');
  });

  it('is let go when somebody else was quicker', async () => {
    await desk.start();
    answers.push(() => Promise.reject(new Gone()));
    desk.submit(approve, nothingTyped);
    await settled();
    expect(onPage()).toEqual(['task', 'b', 'c']);
    expect(state()).toMatchObject({ lost: 1, error: null, last: null, tally: { approve: 0 } });
  });

  it('on a text that is known teaches, and cannot be taken back', async () => {
    await desk.start();
    const lesson = { met: false, expected: 'reject' as const, reason: 'incorrect' as const, explanation: 'It is wrong.' };
    answers.push(async () => outcomeOf({ lesson }));
    desk.submit(approve, nothingTyped);
    await settled();
    expect(state()).toMatchObject({ lesson: { ...lesson, verdict: 'approve' }, last: null, tally: { approve: 1, decided: 0 } });
    await desk.undo();
    expect(said.filter((each) => each.startsWith('undo'))).toEqual([]);
    closeLesson(desk);
    expect(state().lesson).toBe(null);
  });

  it('leads to another look when nothing waited before it was answered', async () => {
    queue = ['a'];
    await desk.start();
    answers.push(async () => {
      queue = ['later'];
      return outcomeOf();
    });
    desk.submit(approve, nothingTyped);
    await settled();
    await settled();
    expect(onPage()).toEqual(['task', 'later', null]);
  });
});

describe('undo', () => {
  it('brings the task back with what was typed, before the one that was shown', async () => {
    await desk.start();
    const typed = { ...nothingTyped, ratings: { clarity: 5 } };
    desk.submit(approve, typed);
    await settled();
    await desk.undo();
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(state()).toMatchObject({ shown: { typed }, last: null, tally: { approve: 0, decided: 0, times: [] } });
    expect(said.slice(-2)).toEqual(['undo of a', 'release c']);
  });

  it('waits for a verdict that is still under way, and takes back only the last one, once', async () => {
    await desk.start();
    desk.submit(approve, nothingTyped);
    await settled();
    desk.submit({ verdict: 'reject', reason: 'spam', ratings: {}, keepInstruction: false }, nothingTyped);
    const undone = desk.undo();
    await desk.undo();
    await undone;
    expect(said.filter((each) => each.startsWith('undo'))).toEqual(['undo of b']);
    expect(state().tally).toMatchObject({ approve: 1, reject: 0 });
  });

  it('is not confused by a lease that brings the very task it takes back', async () => {
    queue = ['a', 'b'];
    await desk.start();
    desk.submit(approve, nothingTyped);
    await settled();
    expect(onPage()).toEqual(['task', 'b', null]);
    queue = ['a'];
    const undone = desk.undo();
    await desk.retry();
    await undone;
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(said).not.toContain('release a');
  });

  it('is over when its moment has passed', async () => {
    await desk.start();
    desk.submit(approve, nothingTyped);
    await settled();
    desk.settled(1);
    await desk.undo();
    expect(said.filter((each) => each.startsWith('undo'))).toEqual([]);
  });
});

it('a skip goes on at once, with its reason, and is counted apart', async () => {
  await desk.start();
  desk.skip('not_my_field');
  desk.skip();
  await settled();
  expect(said.filter((each) => each.startsWith('skip'))).toEqual(['skip a not_my_field', 'skip b']);
  expect(state().tally).toMatchObject({ skipped: 2, approve: 0 });
  expect(onPage()).toEqual(['task', 'c', 'd']);
});

it('keeps its leases alive; a lost one behind is replaced unseen, a lost one in front makes room and says so', async () => {
  await desk.start();
  await desk.beat();
  expect(said.slice(-2)).toEqual(['beat a', 'beat b']);
  lost = new Set(['b']);
  await desk.beat();
  expect([...onPage(), state().lost]).toEqual(['task', 'a', 'c', 0]);
  lost = new Set(['a']);
  await desk.beat();
  await settled();
  expect([...onPage(), state().lost]).toEqual(['task', 'c', 'd', 1]);
});

import type { Qualification, ReviewInput, ReviewOutcome, ReviewTask } from '@granary/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDesk, emptyTally, type Desk, type DeskServer, type Tally } from './desk.ts';
import { nothingTyped } from './typed.ts';

class Gone extends Error {}
class Passing extends Error {}

const approve: ReviewInput = { verdict: 'approve', ratings: {} };
const reject: ReviewInput = { verdict: 'reject', reason: 'spam', ratings: {}, keepInstruction: false };
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
const lesson = { met: false, expected: 'reject' as const, reason: 'incorrect' as const, explanation: 'It is wrong.' };

let queue: string[];
let said: string[];
/** What the server answers to verdicts, in turn; then it accepts them. */
let answers: (() => Promise<ReviewOutcome>)[];
let leases: (() => Promise<ReviewTask | null>)[];
let undos: (() => Promise<ReviewTask>)[];
let skips: (() => Promise<void>)[];
let undelivered: unknown[];
let time: number;
let desk: Desk;
let lost: Set<string>;
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const state = () => desk.store.get();
const onPage = () => [state().phase, state().shown?.task.id ?? null, ...state().waiting.map(({ task }) => task.id)];
const told = (word: string) => said.filter((each) => each.startsWith(`${word} `));

/** A promise and the ways to settle it from outside. */
function later<T>() {
  let answer: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject_) => {
    answer = resolve;
    fail = reject_;
  });
  return { promise, answer, fail };
}

function openDesk(tally?: Tally): Desk {
  let keys = 0;
  const server: DeskServer = {
    lease: async (holding) => {
      said.push(`lease beside ${holding.join('+') || 'nothing'}`);
      const planned = leases.shift();
      if (planned !== undefined) return planned();
      const id = queue.shift();
      return id === undefined ? null : taskOf(id);
    },
    submit: async (id, input, key) => {
      said.push(`${input.verdict} ${id} ${key}`);
      return (await answers.shift()?.()) ?? outcomeOf({ reviewId: `of ${id}` });
    },
    undo: async (reviewId) => {
      said.push(`undo ${reviewId}`);
      return (await undos.shift()?.()) ?? taskOf(reviewId.replace('of ', ''));
    },
    skip: async (id, reason) => {
      said.push(`skip ${id} ${reason ?? ''}`.trim());
      await skips.shift()?.();
    },
    heartbeat: async (id) => {
      if (lost.has(id)) throw new Gone();
      said.push(`beat ${id}`);
    },
    release: (id) => void said.push(`release ${id}`),
  };
  return createDesk({
    server,
    now: () => time,
    newKey: () => `key${(keys += 1)}`,
    pause: async () => void said.push('pause'),
    isGone: (error) => error instanceof Gone,
    isPassing: (error) => error instanceof Passing,
    onUndelivered: (error) => undelivered.push(error),
    ...(tally && { tally }),
  });
}

beforeEach(() => {
  queue = ['a', 'b', 'c', 'd', 'e'];
  said = [];
  answers = [];
  leases = [];
  undos = [];
  skips = [];
  undelivered = [];
  lost = new Set();
  time = 0;
  desk = openDesk();
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
    expect(onPage()).toEqual(['empty', null]);
    queue = ['z'];
    await desk.retry();
    expect(onPage()).toEqual(['task', 'z']);
  });

  it('says when it failed, and forgets that once it works', async () => {
    const error = new Error('no');
    leases.push(() => Promise.reject(error));
    await desk.start();
    expect(onPage()).toEqual(['failed', null]);
    expect(state().trouble).toEqual({ with: 'lease', error });
    await desk.retry();
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(state().trouble).toBe(null);
  });

  it('does not mind when only the next one cannot be had yet', async () => {
    leases.push(
      async () => taskOf('a'),
      () => Promise.reject(new Error('no')),
    );
    await desk.start();
    expect([...onPage(), state().trouble]).toEqual(['task', 'a', null]);
  });

  it('gives back what it holds when it is left, also what arrives after that', async () => {
    await desk.start();
    desk.submit(approve);
    desk.stop();
    await settled();
    expect(told('release').toSorted()).toEqual(['release b', 'release c']);
    expect(onPage()).toEqual(['loading', null]);
  });

  it('begins anew when the page is shown again', async () => {
    await desk.start();
    desk.stop();
    await desk.start();
    expect(onPage()).toEqual(['task', 'c', 'd']);
  });

  it('takes the tally along to the desk for another wish', async () => {
    desk = openDesk({ ...emptyTally, approve: 3, times: [1, 2, 3] });
    await desk.start();
    desk.submit(approve);
    expect(state().tally).toMatchObject({ approve: 4, times: [1, 2, 3, 0] });
  });
});

describe('a verdict', () => {
  it('shows the next task before the server has answered', async () => {
    await desk.start();
    const answer = later<ReviewOutcome>();
    answers.push(() => answer.promise);
    time = 4_000;
    desk.submit(approve);
    expect(onPage()).toEqual(['task', 'b']);
    expect(state().sending).toEqual([taskOf('a')]);
    await settled();
    expect(onPage()).toEqual(['task', 'b', 'c']);
    // The task whose verdict is under way is still held.
    expect(said).toContain('lease beside b+a');
    answer.answer(outcomeOf());
    await settled();
    expect(state().tally).toEqual({ approve: 1, reject: 0, request_changes: 0, skipped: 0, decided: 1, times: [4_000] });
    expect(state().sending).toEqual([]);
  });

  it('is sent again with the same key while the server is in trouble', async () => {
    await desk.start();
    answers.push(() => Promise.reject(new Passing()));
    desk.submit(approve);
    await settled();
    expect(told('approve')).toEqual(['approve a key1', 'approve a key1']);
    expect(said).toContain('pause');
    expect(state().trouble).toBe(null);
  });

  it('comes back with all that was typed when it cannot be sent; what was shown waits behind it', async () => {
    await desk.start();
    const error = new Error('no');
    answers.push(() => Promise.reject(error));
    desk.type({ note: 'A long note', ratings: { clarity: 4 } });
    desk.submit(approve);
    await settled();
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(state()).toMatchObject({
      trouble: { with: 'answer', error },
      shown: { typed: { ...nothingTyped, note: 'A long note', ratings: { clarity: 4 } } },
      last: null,
      tally: { approve: 0, times: [] },
    });
    expect(said).toContain('release c');
  });

  it('comes back behind a task that somebody is writing about, who keeps writing', async () => {
    await desk.start();
    const answer = later<ReviewOutcome>();
    answers.push(() => answer.promise);
    desk.type({ note: 'About a' });
    desk.submit(approve);
    await settled();
    const { seat } = state();
    desk.ask('request_changes');
    answer.fail(new Error('no'));
    await settled();
    expect(onPage()).toEqual(['task', 'b', 'a']);
    expect([state().seat, state().asking, state().trouble?.with]).toEqual([seat, 'request_changes', 'answer']);
    desk.submit(approve);
    expect(state().shown).toEqual({ task: taskOf('a'), typed: { ...nothingTyped, note: 'About a' } });
  });

  it('loses nothing typed when several come back, one after another', async () => {
    await desk.start();
    const [first, second] = [later<ReviewOutcome>(), later<ReviewOutcome>()];
    answers.push(
      () => first.promise,
      () => second.promise,
    );
    desk.type({ note: 'About a' });
    desk.submit(approve);
    await settled();
    desk.type({ note: 'About b' });
    desk.submit(approve);
    await settled();
    desk.type({ note: 'About c' });
    first.fail(new Error('no'));
    second.fail(new Error('no'));
    await settled();
    const notes = [state().shown, ...state().waiting].map((each) => `${each?.task.id} ${each?.typed.note}`.trim());
    expect(notes.toSorted()).toEqual(['a About a', 'b About b', 'c About c']);
    expect(notes[0]).toBe('c About c');
    expect(told('release')).toEqual(['release d']);
  });

  it('is let go when somebody else was quicker', async () => {
    await desk.start();
    answers.push(() => Promise.reject(new Gone()));
    desk.submit(approve);
    await settled();
    expect(onPage()).toEqual(['task', 'b', 'c']);
    expect(state()).toMatchObject({ lost: 1, trouble: null, last: null, tally: { approve: 0 } });
  });

  it('that fails after the desk was left is reported', async () => {
    await desk.start();
    const error = new Error('no');
    answers.push(() => Promise.reject(error));
    desk.submit(approve);
    desk.stop();
    await settled();
    expect(undelivered).toEqual([error]);
    expect(onPage()).toEqual(['loading', null]);
  });

  it('leads to another look when nothing waited before it was answered', async () => {
    queue = ['a'];
    await desk.start();
    const answer = later<ReviewOutcome>();
    answers.push(() => answer.promise);
    desk.submit(approve);
    await settled();
    // It is not known yet that nothing waits: the answer may make room.
    expect(onPage()).toEqual(['loading', null]);
    queue = ['later'];
    answer.answer(outcomeOf());
    await settled();
    expect(onPage()).toEqual(['task', 'later']);
  });

  it('is looked after also when its answer overtakes a look that found nothing', async () => {
    queue = ['a'];
    await desk.start();
    const look = later<ReviewTask | null>();
    leases.push(() => look.promise);
    desk.submit(approve);
    await settled();
    queue = ['later'];
    look.answer(null);
    await settled();
    expect(onPage()).toEqual(['task', 'later']);
  });

  it('ends in the empty desk when there is no more', async () => {
    queue = ['a'];
    await desk.start();
    desk.submit(approve);
    await settled();
    expect(onPage()).toEqual(['empty', null]);
  });
});

describe('a lesson', () => {
  it('is taught after the verdict, which cannot be taken back', async () => {
    await desk.start();
    answers.push(async () => outcomeOf({ lesson }));
    desk.submit(approve);
    await settled();
    expect(state()).toMatchObject({ last: null, tally: { approve: 1, decided: 0 } });
    expect(state().lessons).toEqual([{ ...lesson, verdict: 'approve', qualification: null }]);
    await desk.undo();
    expect(told('undo')).toEqual([]);
    desk.closeLesson();
    expect(state().lessons).toEqual([]);
  });

  it('waits for the one before it to be read', async () => {
    await desk.start();
    answers.push(
      async () => outcomeOf({ lesson: { ...lesson, explanation: 'First' } }),
      async () => outcomeOf({ lesson: { ...lesson, explanation: 'Second' } }),
    );
    desk.submit(approve);
    desk.submit(approve);
    await settled();
    expect(state().lessons.map(({ explanation }) => explanation)).toEqual(['First', 'Second']);
    desk.closeLesson();
    expect(state().lessons.map(({ explanation }) => explanation)).toEqual(['Second']);
  });

  it('tells how far the qualification of its dataset is', async () => {
    await desk.start();
    const qualification = { datasetSlug: 'birds', state: 'under_way', answered: 1 } as Qualification;
    answers.push(async () => outcomeOf({ lesson, qualification }));
    desk.submit(approve);
    await settled();
    expect(state().qualifications).toEqual({ birds: qualification });
    expect(state().lessons[0]?.qualification).toEqual(qualification);
  });
});

describe('a qualification that is settled', () => {
  const item = (id: string) => ({ id, purpose: 'qualification', datasetSlug: 'birds' }) as ReviewTask;
  const failed = { datasetSlug: 'birds', state: 'failed' } as Qualification;
  const startWithItems = async () => {
    leases.push(...['i1', 'i2', 'i3'].map((id) => async () => item(id)));
    await desk.start();
    answers.push(async () => outcomeOf({ lesson, qualification: failed }));
  };

  it('lets its other texts go', async () => {
    await startWithItems();
    desk.submit(approve);
    await settled();
    await settled();
    expect(told('release').toSorted()).toEqual(['release i2', 'release i3']);
    expect(onPage()).toEqual(['task', 'a', 'b']);
  });

  it('leaves the one that somebody is writing about, and goes on while it is under way', async () => {
    await startWithItems();
    answers.unshift(async () => outcomeOf({ lesson, qualification: { ...failed, state: 'under_way' } }));
    desk.submit(approve);
    await settled();
    expect(onPage()).toEqual(['task', 'i2', 'i3']);
    leases.push(async () => item('i4'));
    desk.submit(approve);
    desk.type({ note: 'About i3' });
    await settled();
    expect(onPage().slice(0, 2)).toEqual(['task', 'i3']);
    expect(told('release')).toEqual(['release i4']);
  });
});

describe('undo', () => {
  it('brings the task back with what was typed, before the one that was shown', async () => {
    await desk.start();
    desk.type({ ratings: { clarity: 5 } });
    desk.submit(approve);
    await settled();
    await desk.undo();
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(state()).toMatchObject({
      shown: { typed: { ratings: { clarity: 5 } } },
      last: null,
      tally: { approve: 0, decided: 0, times: [] },
    });
    expect(said.slice(-2)).toEqual(['undo of a', 'release c']);
  });

  it('keeps what was typed about the task that goes behind', async () => {
    await desk.start();
    desk.submit(approve);
    desk.type({ ratings: { clarity: 2 } });
    await settled();
    await desk.undo();
    desk.submit(approve);
    expect(state().shown).toEqual({ task: taskOf('b'), typed: { ...nothingTyped, ratings: { clarity: 2 } } });
  });

  it('waits for a verdict that is still under way, and takes back only the last one, once', async () => {
    await desk.start();
    desk.submit(approve);
    await settled();
    desk.submit(reject);
    const undone = desk.undo();
    await desk.undo();
    await undone;
    expect(told('undo')).toEqual(['undo of b']);
    expect(state().tally).toMatchObject({ approve: 1, reject: 0 });
  });

  it('never gives back the seat it has just got back, whatever was leased meanwhile', async () => {
    queue = ['a', 'b'];
    await desk.start();
    const look = later<ReviewTask | null>();
    leases.push(() => look.promise);
    desk.submit(approve);
    await settled();
    const answer = later<ReviewTask>();
    undos.push(() => answer.promise);
    const undone = desk.undo();
    await settled();
    // The server holds the undone task for us again already, and offers it to the look that was under way.
    look.answer(taskOf('a'));
    await settled();
    answer.answer(taskOf('a'));
    await undone;
    await settled();
    expect(onPage()).toEqual(['task', 'a', 'b']);
    expect(told('release')).toEqual([]);
  });

  it('tells the server meanwhile that it has the task, so that it is not offered as another one', async () => {
    await desk.start();
    desk.submit(approve);
    await settled();
    const answer = later<ReviewTask>();
    undos.push(() => answer.promise);
    const undone = desk.undo();
    desk.skip();
    await settled();
    expect(told('lease').at(-1)).toMatch(/\ba\b/);
    answer.answer(taskOf('a'));
    await undone;
    expect(state().shown?.task.id).toBe('a');
  });

  it('can be tried again when the server did not answer', async () => {
    await desk.start();
    desk.submit(approve);
    await settled();
    undos.push(() => Promise.reject(new Passing()));
    await desk.undo();
    expect(state()).toMatchObject({ trouble: { with: 'undo' }, last: { n: 1, verdict: 'approve' }, tally: { approve: 1 } });
    await desk.undo();
    expect(onPage()).toEqual(['task', 'a', 'b']);
  });

  it('that comes too late says so, and that is that', async () => {
    await desk.start();
    desk.submit(approve);
    await settled();
    undos.push(() => Promise.reject(new Error('too late')));
    await desk.undo();
    expect(state()).toMatchObject({ trouble: { with: 'undo' }, last: null, shown: { task: { id: 'b' } }, tally: { approve: 1 } });
  });

  it('is over when its moment has passed; what is being typed meanwhile stays', async () => {
    await desk.start();
    desk.submit(approve);
    await settled();
    desk.type({ note: 'About b' });
    const { seat } = state();
    desk.settled(1);
    await desk.undo();
    expect(told('undo')).toEqual([]);
    expect(state()).toMatchObject({ seat, last: null, shown: { typed: { note: 'About b' } } });
  });

  it('of a desk that was left meanwhile gives the seat back', async () => {
    await desk.start();
    desk.submit(approve);
    await settled();
    const answer = later<ReviewTask>();
    undos.push(() => answer.promise);
    const undone = desk.undo();
    await settled();
    desk.stop();
    answer.answer(taskOf('a'));
    await undone;
    expect(told('release')).toContain('release a');
    expect(onPage()).toEqual(['loading', null]);
  });
});

describe('a skip', () => {
  it('goes on at once, with its reason, and is counted apart', async () => {
    await desk.start();
    desk.skip('not_my_field');
    await settled();
    desk.skip();
    await settled();
    expect(told('skip')).toEqual(['skip a not_my_field', 'skip b']);
    expect(state().tally).toMatchObject({ skipped: 2, approve: 0 });
    expect(onPage()).toEqual(['task', 'c', 'd']);
  });

  it('is tried again while the server is in trouble; what fails for good is not counted', async () => {
    await desk.start();
    skips.push(() => Promise.reject(new Passing()));
    desk.skip();
    await settled();
    expect(told('skip')).toEqual(['skip a', 'skip a']);
    expect(state()).toMatchObject({ trouble: null, tally: { skipped: 1 } });
    skips.push(() => Promise.reject(new Error('no')));
    desk.skip();
    await settled();
    expect(state()).toMatchObject({ trouble: { with: 'skip' }, tally: { skipped: 1 } });
  });

  it('of a task that somebody else has got is none the worse', async () => {
    await desk.start();
    skips.push(() => Promise.reject(new Gone()));
    desk.skip();
    await settled();
    expect(state()).toMatchObject({ trouble: null, tally: { skipped: 1 }, shown: { task: { id: 'b' } } });
  });
});

describe('leases', () => {
  it('are kept alive; a lost one behind is replaced unseen, a lost one in front makes room and says so', async () => {
    await desk.start();
    await desk.beat();
    expect(said.slice(-2)).toEqual(['beat a', 'beat b']);
    lost = new Set(['b']);
    await desk.beat();
    await settled();
    expect([...onPage(), state().lost]).toEqual(['task', 'a', 'c', 0]);
    lost = new Set(['a']);
    await desk.beat();
    await settled();
    expect([...onPage(), state().lost]).toEqual(['task', 'c', 'd', 1]);
  });

  it('that end under an open dialog leave it open: the verdict will say so', async () => {
    await desk.start();
    desk.ask('reject');
    lost = new Set(['a']);
    await desk.beat();
    expect([...onPage(), state().asking, state().lost]).toEqual(['task', 'a', 'b', 'reject', 0]);
  });

  it('are given back while nobody reads, except where something was typed, and had again afterwards', async () => {
    await desk.start();
    desk.rest();
    expect(told('release')).toEqual(['release a', 'release b']);
    desk.resume();
    await settled();
    expect(onPage()).toEqual(['task', 'c', 'd']);
    desk.type({ note: 'About c' });
    desk.rest();
    expect(told('release').slice(2)).toEqual(['release d']);
    await desk.beat();
    expect(told('beat')).toEqual(['beat c']);
    desk.resume();
    await settled();
    expect(state().shown).toEqual({ task: taskOf('c'), typed: { ...nothingTyped, note: 'About c' } });
  });

  it('are not taken in a rest, and an undo ends it', async () => {
    await desk.start();
    desk.submit(approve);
    desk.rest();
    await settled();
    expect(onPage()).toEqual(['loading', null]);
    expect(told('release').toSorted()).toEqual(['release b', 'release c']);
    await desk.undo();
    await settled();
    expect(onPage()).toEqual(['task', 'a', 'd']);
  });

  it('stay given back when a desk that was left would go on', async () => {
    await desk.start();
    desk.rest();
    desk.stop();
    const before = said.length;
    desk.resume();
    await settled();
    expect(said.length).toBe(before);
  });
});

import type { Qualification, RejectReason, ReviewInput, ReviewOutcome, ReviewTask, SkipReason, Verdict } from '@granary/contract';
import { createStore } from '../../lib/create-store.ts';

/** What a reviewer has typed into a seat; it comes back with the task after an undo or a failure. */
export type Typed = {
  ratings: Record<string, number>;
  reason: RejectReason | null;
  note: string;
  keepInstruction: boolean;
  changes: string;
};
export const nothingTyped: Typed = { ratings: {}, reason: null, note: '', keepInstruction: false, changes: '' };

/** How the desk reaches the server. */
export type DeskServer = {
  lease(holding: string[]): Promise<ReviewTask | null>;
  submit(taskId: string, input: ReviewInput, idempotencyKey: string): Promise<ReviewOutcome>;
  undo(reviewId: string): Promise<ReviewTask>;
  skip(taskId: string, reason: SkipReason | undefined): Promise<void>;
  heartbeat(taskId: string): Promise<void>;
  /** Needs no answer: the lease would end by itself, only later. */
  release(taskId: string): void;
};
export type DeskParts = {
  server: DeskServer;
  now: () => number;
  newKey: () => string;
  /** Waits before a failed request is tried again. */
  pause: (ms: number) => Promise<void>;
  /** The seat was given to somebody else, or the entry was decided: nothing can be done about this one. */
  isGone: (error: unknown) => boolean;
  /** No answer came, or the server was in trouble: it is worth trying again. */
  isPassing: (error: unknown) => boolean;
};

export type Lesson = NonNullable<ReviewOutcome['lesson']> & { verdict: Verdict };
export type Tally = Record<Verdict, number> & {
  skipped: number;
  /** Entries that a verdict of this sitting decided. */
  decided: number;
  /** Milliseconds from seeing a task to the verdict, one per verdict. */
  times: number[];
};
export type Shown = { task: ReviewTask; typed: Typed };
export type DeskState = {
  phase: 'loading' | 'task' | 'empty' | 'failed';
  shown: Shown | null;
  /** Leased already and shown the moment a verdict is given. */
  upcoming: ReviewTask | null;
  /** The verdict that can be taken back; `n` counts the verdicts of this sitting. */
  last: { n: number; verdict: Verdict } | null;
  tally: Tally;
  /** Why leasing failed, or why the last verdict came back. */
  error: unknown;
  /** A task was lost to somebody else; counts up. */
  lost: number;
  /** What a text that was known has taught; until it is closed. */
  lesson: Lesson | null;
  qualification: Qualification | null;
};
type Given = { n: number; task: ReviewTask; typed: Typed; input: ReviewInput; ms: number; answer: Promise<ReviewOutcome | null> };

export type Desk = ReturnType<typeof createDesk>;

const tries = 3;
const pauseMs = 1_500;
const emptyTally = (): Tally => ({ approve: 0, reject: 0, request_changes: 0, skipped: 0, decided: 0, times: [] });

/**
 * A review desk: one task is shown, the next one is leased already, and verdicts travel while the next task is read. What fails comes
 * back with all that was typed.
 */
export function createDesk({ server, now, newKey, pause, isGone, isPassing }: DeskParts) {
  const store = createStore<DeskState>({
    phase: 'loading',
    shown: null,
    upcoming: null,
    last: null,
    tally: emptyTally(),
    error: null,
    lost: 0,
    lesson: null,
    qualification: null,
  });
  const change = (changes: Partial<DeskState>) => store.set((before) => ({ ...before, ...changes }));
  const underWay = new Set<string>();
  let given: Given | null = null;
  let verdicts = 0;
  let shownAt = now();
  let open = true;
  let fetching: Promise<void> | null = null;

  function show(task: ReviewTask, typed: Typed = nothingTyped): void {
    shownAt = now();
    change({ phase: 'task', shown: { task, typed } });
  }

  /** Leases what is missing: the task to show, then the one after it. One lease at a time, so that nothing is leased for nobody. */
  function fill(): Promise<void> {
    fetching ??= lease().finally(() => {
      fetching = null;
    });
    return fetching;
  }

  async function lease(): Promise<void> {
    while (open) {
      const { shown, upcoming } = store.get();
      if (shown !== null && upcoming !== null) return;
      if (shown === null && upcoming !== null) {
        change({ upcoming: null });
        show(upcoming);
        continue;
      }
      const holding = [...(shown === null ? [] : [shown.task.id]), ...[...underWay].slice(-3)];
      let task: ReviewTask | null;
      try {
        task = await server.lease(holding);
      } catch (error) {
        if (store.get().shown === null) change({ phase: 'failed', error });
        return;
      }
      if (!open) {
        if (task !== null) server.release(task.id);
        return;
      }
      if (task === null) {
        if (store.get().shown === null) change({ phase: 'empty' });
        return;
      }
      // What the page shows may have changed while the answer came.
      if (store.get().shown === null) show(task);
      else if (store.get().upcoming === null && store.get().shown?.task.id !== task.id) change({ upcoming: task });
      else if (store.get().shown?.task.id !== task.id && store.get().upcoming?.id !== task.id) server.release(task.id);
    }
  }

  /** The next task takes the place of the one shown, at once when it is there already. */
  function advance(): void {
    const { upcoming } = store.get();
    if (upcoming === null) change({ phase: 'loading', shown: null });
    else {
      change({ upcoming: null });
      show(upcoming);
    }
    void fill();
  }

  /** A task comes back in front of the one shown, which waits behind it. */
  function putBack({ task, typed }: Shown): void {
    const { shown, upcoming } = store.get();
    // A lease may have brought the very task that comes back.
    const behind = upcoming?.id === task.id ? null : upcoming;
    if (shown !== null && behind !== null) server.release(behind.id);
    change({ upcoming: shown?.task ?? behind });
    show(task, typed);
  }

  async function send(taskId: string, input: ReviewInput): Promise<ReviewOutcome> {
    const key = newKey();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await server.submit(taskId, input, key);
      } catch (error) {
        if (attempt === tries || !isPassing(error)) throw error;
        await pause(pauseMs * attempt);
      }
    }
  }

  function count(verdict: Verdict, ms: number, times: 1 | -1): void {
    const { tally } = store.get();
    const rest = times === 1 ? [...tally.times, ms] : tally.times.toSpliced(tally.times.lastIndexOf(ms), 1);
    change({ tally: { ...tally, [verdict]: tally[verdict] + times, times: rest } });
  }

  function forget(gone: Given): void {
    count(gone.input.verdict, gone.ms, -1);
    if (given !== gone) return;
    given = null;
    change({ last: null });
  }

  async function deliver(mine: Omit<Given, 'answer'>, self: () => Given): Promise<ReviewOutcome | null> {
    const { task, input } = mine;
    try {
      const outcome = await send(task.id, input);
      underWay.delete(task.id);
      settle(self(), outcome);
      return outcome;
    } catch (error) {
      underWay.delete(task.id);
      forget(self());
      if (!open) return null;
      if (isGone(error)) change({ lost: store.get().lost + 1 });
      else {
        putBack(mine);
        change({ error });
      }
      return null;
    } finally {
      if (open && store.get().upcoming === null) void fill();
    }
  }

  function settle(mine: Given, outcome: ReviewOutcome): void {
    const { tally } = store.get();
    if (outcome.lesson === null) {
      if (outcome.status !== 'in_review') change({ tally: { ...tally, decided: tally.decided + 1 } });
      return;
    }
    // What was expected has been told: there is nothing to take back.
    if (given === mine) {
      given = null;
      change({ last: null });
    }
    change({ lesson: { ...outcome.lesson, verdict: mine.input.verdict }, qualification: outcome.qualification });
  }

  return {
    store,

    /** Leases the first tasks; also again, after it was closed. */
    start(): Promise<void> {
      open = true;
      return fill();
    },

    /** Gives a verdict on the task shown; the next one is shown before the server has answered. */
    submit(input: ReviewInput, typed: Typed): void {
      const { shown } = store.get();
      if (shown === null) return;
      const { task } = shown;
      underWay.add(task.id);
      verdicts += 1;
      const mine = { n: verdicts, task, typed, input, ms: now() - shownAt };
      change({ error: null, lesson: null, qualification: null, last: { n: verdicts, verdict: input.verdict } });
      count(input.verdict, mine.ms, 1);
      let whole: Given | null = null;
      const answer = Promise.resolve().then(() => deliver(mine, () => whole as Given));
      whole = { ...mine, answer };
      given = whole;
      advance();
    },

    /** Passes the task shown on to others. */
    skip(reason?: SkipReason): void {
      const { shown, tally } = store.get();
      if (shown === null) return;
      const { id } = shown.task;
      underWay.add(id);
      change({ error: null, tally: { ...tally, skipped: tally.skipped + 1 } });
      server
        .skip(id, reason)
        // Whoever has lost the seat has passed it on as well.
        .catch((error: unknown) => !isGone(error) && change({ error }))
        .finally(() => underWay.delete(id));
      advance();
    },

    /** Takes the last verdict back: its task is shown again with all that was typed. */
    async undo(): Promise<void> {
      const mine = given;
      if (mine === null) return;
      given = null;
      change({ last: null, error: null });
      const outcome = await mine.answer;
      if (outcome === null || outcome.lesson !== null) return;
      // Held again from now on: it shall not be offered as another one.
      underWay.add(mine.task.id);
      try {
        const task = await server.undo(outcome.reviewId);
        count(mine.input.verdict, mine.ms, -1);
        const { tally } = store.get();
        if (outcome.status !== 'in_review') change({ tally: { ...tally, decided: tally.decided - 1 } });
        putBack({ task, typed: mine.typed });
      } catch (error) {
        change({ error });
      } finally {
        underWay.delete(mine.task.id);
      }
    },

    /** The moment for taking the last verdict back has passed. */
    settled(n: number): void {
      if (given?.n !== n) return;
      given = null;
      change({ last: null });
    },

    closeLesson: () => change({ lesson: null, qualification: null }),

    /** Looks for work again, after there was none or leasing failed. */
    retry(): Promise<void> {
      change({ phase: 'loading', error: null });
      return fill();
    },

    /** Keeps the leases alive. A task that is lost makes room for the next. */
    async beat(): Promise<void> {
      const { shown, upcoming } = store.get();
      const held = [shown?.task, upcoming].filter((task) => task !== null && task !== undefined);
      await Promise.all(
        held.map(async ({ id }) => {
          try {
            await server.heartbeat(id);
          } catch (error) {
            if (!isGone(error)) return;
            if (store.get().upcoming?.id === id) {
              change({ upcoming: null });
              await fill();
            } else if (store.get().shown?.task.id === id) {
              change({ lost: store.get().lost + 1 });
              advance();
            }
          }
        }),
      );
    },

    /** Gives everything back; the desk is closed. */
    stop(): void {
      open = false;
      const { shown, upcoming } = store.get();
      for (const task of [shown?.task, upcoming]) if (task) server.release(task.id);
      change({ phase: 'loading', shown: null, upcoming: null });
    },
  };
}

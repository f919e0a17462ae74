import {
  tasksHeldAtMost,
  type Qualification,
  type ReviewInput,
  type ReviewOutcome,
  type ReviewTask,
  type SkipReason,
  type Verdict,
} from '@granary/contract';
import { createStore } from '../../lib/create-store.ts';
import { isTouched, nothingTyped, type Typed } from './typed.ts';

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
  /** A verdict failed after the desk was left: it cannot come back, but its reviewer must hear of it. */
  onUndelivered: (error: unknown) => void;
  /** What the sitting came to before, at the desk for another wish. */
  tally?: Tally;
};

/** What a text whose verdict was known has taught. */
export type Lesson = NonNullable<ReviewOutcome['lesson']> & { verdict: Verdict; qualification: Qualification | null };
export type Tally = Record<Verdict, number> & {
  skipped: number;
  /** Entries that a verdict of this sitting decided. */
  decided: number;
  /** Milliseconds from seeing a task to the verdict, one per verdict. */
  times: number[];
};
export type Shown = { task: ReviewTask; typed: Typed };
export type Asking = 'reject' | 'request_changes';
export type DeskState = {
  phase: 'loading' | 'task' | 'empty' | 'failed';
  shown: Shown | null;
  /** Counts up whenever another task is shown, or the same one again. */
  seat: number;
  /** The dialog that is open about the task shown. */
  asking: Asking | null;
  /** Leased already, the next one first: shown the moment a verdict is given. */
  waiting: readonly Shown[];
  /** Tasks whose verdicts are under way. */
  sending: readonly ReviewTask[];
  /** The verdict that can be taken back; `n` counts the verdicts at this desk. */
  last: { n: number; verdict: Verdict } | null;
  tally: Tally;
  trouble: { with: 'lease' | 'verdict' | 'skip' | 'undo'; error: unknown } | null;
  /** Tasks lost to somebody else; counts up. */
  lost: number;
  /** What has been taught and not yet been read. */
  lessons: readonly Lesson[];
  /** How far the qualifications are that were worked on here, by dataset. */
  qualifications: Readonly<Record<string, Qualification>>;
};
type Verdicted = Shown & { n: number; input: ReviewInput; ms: number };
type Given = Verdicted & { answer: Promise<ReviewOutcome | null> };

export type Desk = ReturnType<typeof createDesk>;

const tries = 3;
const pauseMs = 1_500;
export const emptyTally: Tally = { approve: 0, reject: 0, request_changes: 0, skipped: 0, decided: 0, times: [] };

/**
 * A review desk: one task is shown, the next one is leased already, and verdicts travel while the next task is read. What fails comes
 * back with all that was typed.
 */
export function createDesk({ server, now, newKey, pause, isGone, isPassing, onUndelivered, tally: before = emptyTally }: DeskParts) {
  const store = createStore<DeskState>({
    phase: 'loading',
    shown: null,
    seat: 0,
    asking: null,
    waiting: [],
    sending: [],
    last: null,
    tally: before,
    trouble: null,
    lost: 0,
    lessons: [],
    qualifications: {},
  });
  const change = (changes: Partial<DeskState>) => store.set((state) => ({ ...state, ...changes }));
  /** Tasks that are off the page while the server may still count them as ours: skips and undos under way. */
  const leaving = new Set<string>();
  let given: Given | null = null;
  let verdicts = 0;
  let shownAt = now();
  let open = true;
  let resting = false;
  let fetching: Promise<void> | null = null;
  let asked = 0;

  const onPage = (): Shown[] => {
    const { shown, waiting } = store.get();
    return shown === null ? [...waiting] : [shown, ...waiting];
  };
  /** Every task that is ours, those on the page first, then what is under way, the newest first. */
  const held = (): string[] => [
    ...new Set([
      ...onPage().map(({ task }) => task.id),
      ...store
        .get()
        .sending.map(({ id }) => id)
        .toReversed(),
      ...leaving,
    ]),
  ];

  function show({ task, typed }: Shown): void {
    shownAt = now();
    const { seat, trouble } = store.get();
    change({ phase: 'task', shown: { task, typed }, seat: seat + 1, asking: null, trouble: trouble?.with === 'lease' ? null : trouble });
  }

  function showNext(): boolean {
    const [next, ...waiting] = store.get().waiting;
    if (next === undefined) return false;
    change({ waiting });
    show(next);
    return true;
  }

  /** Leases what is missing: the task to show, then the one after it. One lease at a time, so that nothing is leased for nobody. */
  function fill(): Promise<void> {
    asked += 1;
    fetching ??= lease().finally(() => {
      fetching = null;
    });
    return fetching;
  }

  async function lease(): Promise<void> {
    while (open && !resting) {
      const { shown, waiting } = store.get();
      if (shown === null && showNext()) continue;
      if (shown !== null && waiting.length > 0) return;
      const seen = asked;
      let task: ReviewTask | null;
      try {
        task = await server.lease(held().slice(0, tasksHeldAtMost));
      } catch (error) {
        if (open && !resting && onPage().length === 0) change({ phase: 'failed', trouble: { with: 'lease', error } });
        return;
      }
      if (task !== null && !held().includes(task.id)) {
        // Offered before the verdict arrived that settled its qualification.
        if (asked !== seen && isOver(task)) server.release(task.id);
        else take(task);
        continue;
      }
      // A verdict that arrived while this answer was on its way may have made room for more.
      if (asked !== seen) continue;
      if (open && !resting && onPage().length === 0) change({ phase: held().length > 0 ? 'loading' : 'empty' });
      return;
    }
  }

  /** Puts a leased task where one is missing. The page may have changed while the answer came. */
  function take(task: ReviewTask): void {
    const { shown, waiting } = store.get();
    if (!open || resting || (shown !== null && waiting.length > 0)) server.release(task.id);
    else if (shown === null) show({ task, typed: nothingTyped });
    else change({ waiting: [{ task, typed: nothingTyped }] });
  }

  /** The next task takes the place of the one shown, at once when it is there already. */
  function advance(): void {
    if (!showNext()) change({ phase: 'loading', shown: null, asking: null });
    void fill();
  }

  /** Lines tasks up behind the one shown: one is enough, but nothing that was typed is thrown away. */
  function lineUp(behind: readonly Shown[]): void {
    const waiting = behind.filter(({ typed }, place) => place === 0 || isTouched(typed));
    for (const each of behind) if (!waiting.includes(each)) server.release(each.task.id);
    change({ waiting });
  }

  /** A task comes back in front of the one shown, which waits behind it. */
  function putBack({ task, typed }: Shown): void {
    resting = false;
    lineUp(onPage().filter((each) => each.task.id !== task.id));
    show({ task, typed });
    void fill();
  }

  /** A task comes back that nobody called for: whoever is writing about another one is not torn out of it. */
  function comeBack({ task, typed }: Shown): void {
    const { shown, asking, waiting } = store.get();
    if (shown !== null && (asking !== null || isTouched(shown.typed))) lineUp([{ task, typed }, ...waiting]);
    else putBack({ task, typed });
  }

  /** Repeats an act while the server is in trouble, a few times. */
  async function persist<T>(act: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await act();
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
  function add(to: 'skipped' | 'decided', n: 1 | -1): void {
    const { tally } = store.get();
    change({ tally: { ...tally, [to]: tally[to] + n } });
  }

  /** A verdict can no longer be taken back. */
  function forget(n: number): void {
    if (given?.n !== n) return;
    given = null;
    change({ last: null });
  }

  async function deliver(mine: Verdicted): Promise<ReviewOutcome | null> {
    const key = newKey();
    try {
      const outcome = await persist(() => server.submit(mine.task.id, mine.input, key));
      arrived(mine.task);
      settle(mine, outcome);
      return outcome;
    } catch (error) {
      arrived(mine.task);
      forget(mine.n);
      count(mine.input.verdict, mine.ms, -1);
      if (!open) onUndelivered(error);
      else if (isGone(error)) change({ lost: store.get().lost + 1 });
      else {
        change({ trouble: { with: 'verdict', error } });
        comeBack(mine);
      }
      return null;
    } finally {
      void fill();
    }
  }

  const arrived = (task: ReviewTask) => change({ sending: store.get().sending.filter(({ id }) => id !== task.id) });

  function settle(mine: Verdicted, { status, lesson, qualification }: ReviewOutcome): void {
    const { lessons, qualifications } = store.get();
    if (qualification !== null) {
      change({ qualifications: { ...qualifications, [qualification.datasetSlug]: qualification } });
      letGo();
    }
    if (lesson === null) {
      if (status !== 'in_review') add('decided', 1);
      return;
    }
    // What was expected has been told: there is nothing to take back.
    forget(mine.n);
    change({ lessons: [...lessons, { ...lesson, verdict: mine.input.verdict, qualification }] });
  }

  /** Whether a task is a text of a qualification that is settled already: of no use to anybody. */
  function isOver({ purpose, datasetSlug }: ReviewTask): boolean {
    return purpose === 'qualification' && (store.get().qualifications[datasetSlug]?.state ?? 'under_way') !== 'under_way';
  }

  function letGo(): void {
    const { shown, asking, waiting } = store.get();
    const useless = ({ task, typed }: Shown) => isOver(task) && !isTouched(typed);
    for (const { task } of waiting.filter(useless)) server.release(task.id);
    change({ waiting: waiting.filter((each) => !useless(each)) });
    if (shown === null || asking !== null || !useless(shown)) return;
    server.release(shown.task.id);
    advance();
  }

  return {
    store,

    /** Leases the first tasks; also again, after it was closed. */
    start(): Promise<void> {
      open = true;
      return fill();
    },

    /** Keeps what is typed about the task shown. */
    type(changes: Partial<Typed>): void {
      const { shown } = store.get();
      if (shown !== null) change({ shown: { ...shown, typed: { ...shown.typed, ...changes } } });
    },

    /** Opens the dialog of a verdict, or closes it. */
    ask: (asking: Asking | null) => change({ asking }),

    /** Gives a verdict on the task shown; the next one is shown before the server has answered. */
    submit(input: ReviewInput): void {
      const { shown, sending } = store.get();
      if (shown === null) return;
      verdicts += 1;
      const mine = { ...shown, n: verdicts, input, ms: now() - shownAt };
      change({ trouble: null, sending: [...sending, shown.task], last: { n: verdicts, verdict: input.verdict } });
      count(input.verdict, mine.ms, 1);
      given = { ...mine, answer: deliver(mine) };
      advance();
    },

    /** Passes the task shown on to others. */
    skip(reason?: SkipReason): void {
      const { shown } = store.get();
      if (shown === null) return;
      const { id } = shown.task;
      leaving.add(id);
      change({ trouble: null });
      add('skipped', 1);
      persist(() => server.skip(id, reason))
        .catch((error: unknown) => {
          // Whoever has lost the seat has passed it on as well.
          if (isGone(error)) return;
          add('skipped', -1);
          change({ trouble: { with: 'skip', error } });
        })
        .finally(() => {
          leaving.delete(id);
          void fill();
        });
      advance();
    },

    /** Takes the last verdict back: its task is shown again with all that was typed. */
    async undo(): Promise<void> {
      const mine = given;
      if (mine === null) return;
      given = null;
      change({ last: null, trouble: null });
      // From here on the seat may be ours again at any moment: it must not be leased as if it were another one.
      leaving.add(mine.task.id);
      try {
        const outcome = await mine.answer;
        if (outcome === null || outcome.lesson !== null) return;
        const task = await server.undo(outcome.reviewId);
        count(mine.input.verdict, mine.ms, -1);
        if (outcome.status !== 'in_review') add('decided', -1);
        if (open) putBack({ task, typed: mine.typed });
        else server.release(task.id);
      } catch (error) {
        change({ trouble: { with: 'undo', error } });
        // Nothing newer was said: it can be tried again.
        if (!isPassing(error) || mine.n !== verdicts) return;
        given = mine;
        change({ last: { n: mine.n, verdict: mine.input.verdict } });
      } finally {
        leaving.delete(mine.task.id);
      }
    },

    /** The moment for taking the last verdict back has passed. */
    settled: forget,

    /** The oldest lesson has been read. */
    closeLesson: () => change({ lessons: store.get().lessons.slice(1) }),

    /** Looks for work again, after there was none or leasing failed. */
    retry(): Promise<void> {
      change({ phase: 'loading', trouble: null });
      return fill();
    },

    /** Keeps the leases alive. A task that is lost makes room for the next. */
    async beat(): Promise<void> {
      await Promise.all(
        onPage().map(async ({ task: { id } }) => {
          try {
            await server.heartbeat(id);
          } catch (error) {
            if (isGone(error)) drop(id);
          }
        }),
      );
    },

    /** Nobody is going to read for a while: what is held goes back to others, except where something was typed. */
    rest(): void {
      resting = true;
      const kept = onPage().filter(({ typed }) => isTouched(typed));
      for (const { task } of onPage()) if (!kept.some((each) => each.task.id === task.id)) server.release(task.id);
      change({ phase: 'loading', shown: null, asking: null, waiting: kept });
    },

    /** The reading goes on after a rest. */
    resume(): void {
      if (!resting) return;
      resting = false;
      void fill();
    },

    /** Gives everything back; the desk is closed. Verdicts that are under way still arrive. */
    stop(): void {
      open = false;
      given = null;
      for (const { task } of onPage()) server.release(task.id);
      change({ phase: 'loading', shown: null, asking: null, waiting: [], last: null });
    },
  };

  function drop(id: string): void {
    const { shown, asking, waiting, lost } = store.get();
    if (waiting.some(({ task }) => task.id === id)) {
      change({ waiting: waiting.filter(({ task }) => task.id !== id) });
      void fill();
    } else if (shown?.task.id === id && asking === null) {
      // Under an open dialog the next task would get what is being typed as commands; there the verdict's own answer says it.
      change({ lost: lost + 1 });
      advance();
    }
  }
}

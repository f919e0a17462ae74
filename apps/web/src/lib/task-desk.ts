import { createStore, type Store } from './create-store.ts';

/** What a desk is for: its tasks, what is said of one, how the server answers, and what the page keeps beside it. */
export type DeskKind = {
  Task: { id: string };
  Input: unknown;
  /** What is typed before it is said; it comes back with the task after an undo or a failure. */
  Typed: unknown;
  Outcome: unknown;
  SkipReason: string;
  /** What answers have come to, beside the counts. */
  Sum: object;
};

/** How the desk reaches the server. */
export type DeskServer<K extends DeskKind> = {
  lease(holding: string[]): Promise<K['Task'] | null>;
  submit(taskId: string, input: K['Input'], idempotencyKey: string): Promise<K['Outcome']>;
  undo(answerId: string): Promise<K['Task']>;
  skip(taskId: string, reason: K['SkipReason'] | undefined): Promise<void>;
  heartbeat(taskId: string): Promise<void>;
  /** Needs no answer: the lease would end by itself, only later. */
  release(taskId: string): void;
};
export type DeskParts<K extends DeskKind> = {
  server: DeskServer<K>;
  nothingTyped: K['Typed'];
  /** Names what was said, for the counts. */
  nameOf: (input: K['Input']) => string;
  /** What an undo names. */
  answerIdOf: (outcome: K['Outcome']) => string;
  /** It cannot be taken back. */
  isFinal: (outcome: K['Outcome']) => boolean;
  sum: K['Sum'];
  /** The sum with an answer, and without it again. */
  add: (sum: K['Sum'], outcome: K['Outcome'], input: K['Input']) => K['Sum'];
  takeAway: (sum: K['Sum'], outcome: K['Outcome']) => K['Sum'];
  /** The sum as something new is said. */
  renew: (sum: K['Sum']) => K['Sum'];
  now: () => number;
  newKey: () => string;
  /** Waits before a failed request is tried again. */
  pause: (ms: number) => Promise<void>;
  /** The task was given to somebody else, or settled: nothing can be done about this one. */
  isGone: (error: unknown) => boolean;
  /** No answer came, or the server was in trouble: it is worth trying again. */
  isPassing: (error: unknown) => boolean;
};

export type Shown<K extends DeskKind> = { task: K['Task']; typed: K['Typed'] };
export type DeskState<K extends DeskKind> = {
  phase: 'loading' | 'task' | 'empty' | 'failed';
  shown: Shown<K> | null;
  /** Leased already and shown the moment something is said. */
  upcoming: K['Task'] | null;
  /** What can be taken back; `n` counts what was said in this sitting. */
  last: { n: number; name: string } | null;
  /** How often each was said. */
  counts: Readonly<Record<string, number>>;
  skipped: number;
  /** Milliseconds from seeing a task to what was said of it, one each. */
  times: readonly number[];
  /** Why leasing failed, or why the last task came back. */
  error: unknown;
  /** A task was lost to somebody else; counts up. */
  lost: number;
  sum: K['Sum'];
};
type Given<K extends DeskKind> = {
  n: number;
  task: K['Task'];
  typed: K['Typed'];
  input: K['Input'];
  ms: number;
  answer: Promise<K['Outcome'] | null>;
};

export type Desk<K extends DeskKind> = {
  store: Store<DeskState<K>>;
  start(): Promise<void>;
  submit(input: K['Input'], typed: K['Typed']): void;
  skip(reason?: K['SkipReason']): void;
  undo(): Promise<void>;
  settled(n: number): void;
  retry(): Promise<void>;
  beat(): Promise<void>;
  changeSum(change: (sum: K['Sum']) => K['Sum']): void;
  stop(): void;
};

const tries = 3;
const pauseMs = 1_500;

/**
 * A desk for tasks that are leased one at a time: one is shown, the next one is leased already, and what was said travels while the next task is
 * read. What fails comes back with all that was typed.
 */
export function createDesk<K extends DeskKind>(parts: DeskParts<K>): Desk<K> {
  const { server, now, newKey, pause, isGone, isPassing, nameOf, nothingTyped } = parts;
  const store = createStore<DeskState<K>>({
    phase: 'loading',
    shown: null,
    upcoming: null,
    last: null,
    counts: {},
    skipped: 0,
    times: [],
    error: null,
    lost: 0,
    sum: parts.sum,
  });
  const change = (changes: Partial<DeskState<K>>) => store.set((before) => ({ ...before, ...changes }));
  const underWay = new Set<string>();
  let given: Given<K> | null = null;
  let said = 0;
  let shownAt = now();
  let open = true;
  let fetching: Promise<void> | null = null;

  function show(task: K['Task'], typed: K['Typed'] = nothingTyped): void {
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
      let task: K['Task'] | null;
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
  function putBack({ task, typed }: Shown<K>): void {
    const { shown, upcoming } = store.get();
    // A lease may have brought the very task that comes back.
    const behind = upcoming?.id === task.id ? null : upcoming;
    if (shown !== null && behind !== null) server.release(behind.id);
    change({ upcoming: shown?.task ?? behind });
    show(task, typed);
  }

  async function send(taskId: string, input: K['Input']): Promise<K['Outcome']> {
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

  function count(name: string, ms: number, times: 1 | -1): void {
    const { counts, times: before } = store.get();
    const after = times === 1 ? [...before, ms] : before.toSpliced(before.lastIndexOf(ms), 1);
    change({ counts: { ...counts, [name]: (counts[name] ?? 0) + times }, times: after });
  }

  function forget(gone: Given<K>): void {
    count(nameOf(gone.input), gone.ms, -1);
    if (given !== gone) return;
    given = null;
    change({ last: null });
  }

  async function deliver(mine: Omit<Given<K>, 'answer'>, self: () => Given<K>): Promise<K['Outcome'] | null> {
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

  function settle(mine: Given<K>, outcome: K['Outcome']): void {
    if (parts.isFinal(outcome) && given === mine) {
      given = null;
      change({ last: null });
    }
    change({ sum: parts.add(store.get().sum, outcome, mine.input) });
  }

  return {
    store,

    /** Leases the first tasks; also again, after it was closed. */
    start(): Promise<void> {
      open = true;
      return fill();
    },

    /** Says something of the task shown; the next one is shown before the server has answered. */
    submit(input: K['Input'], typed: K['Typed']): void {
      const { shown, sum } = store.get();
      if (shown === null) return;
      const { task } = shown;
      underWay.add(task.id);
      said += 1;
      const mine = { n: said, task, typed, input, ms: now() - shownAt };
      change({ error: null, sum: parts.renew(sum), last: { n: said, name: nameOf(input) } });
      count(nameOf(input), mine.ms, 1);
      let whole: Given<K> | null = null;
      const answer = Promise.resolve().then(() => deliver(mine, () => whole as Given<K>));
      whole = { ...mine, answer };
      given = whole;
      advance();
    },

    /** Passes the task shown on to others. */
    skip(reason?: K['SkipReason']): void {
      const { shown, skipped } = store.get();
      if (shown === null) return;
      const { id } = shown.task;
      underWay.add(id);
      change({ error: null, skipped: skipped + 1 });
      server
        .skip(id, reason)
        // Whoever has lost the seat has passed it on as well.
        .catch((error: unknown) => !isGone(error) && change({ error }))
        .finally(() => underWay.delete(id));
      advance();
    },

    /** Takes back what was said last: its task is shown again with all that was typed. */
    async undo(): Promise<void> {
      const mine = given;
      if (mine === null) return;
      given = null;
      change({ last: null, error: null });
      const outcome = await mine.answer;
      if (outcome === null || parts.isFinal(outcome)) return;
      // Held again from now on: it shall not be offered as another one.
      underWay.add(mine.task.id);
      try {
        const task = await server.undo(parts.answerIdOf(outcome));
        count(nameOf(mine.input), mine.ms, -1);
        change({ sum: parts.takeAway(store.get().sum, outcome) });
        putBack({ task, typed: mine.typed });
      } catch (error) {
        change({ error });
      } finally {
        underWay.delete(mine.task.id);
      }
    },

    /** The moment for taking it back has passed. */
    settled(n: number): void {
      if (given?.n !== n) return;
      given = null;
      change({ last: null });
    },

    changeSum: (make) => change({ sum: make(store.get().sum) }),

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

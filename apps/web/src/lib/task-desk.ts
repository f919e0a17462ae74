import { createStore, type Store } from './create-store.ts';

/** What a desk is for: its tasks, what is said of one, how the server answers, and what the page keeps beside it. */
export type DeskKind = {
  Task: { id: string };
  Input: unknown;
  /** What is typed before it is said; it travels with its task. */
  Typed: object;
  Outcome: unknown;
  SkipReason: string;
  /** Names of the dialogs that can be open about a task. */
  Asking: string;
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
  /** Tasks that the server lets a page name as held. */
  heldAtMost: number;
  nothingTyped: K['Typed'];
  /** Something was typed that must not be thrown away. */
  isTouched: (typed: K['Typed']) => boolean;
  /** Names what was said, for the counts. */
  nameOf: (input: K['Input']) => string;
  /** What an undo names. */
  answerIdOf: (outcome: K['Outcome']) => string;
  /** It cannot be taken back. */
  isFinal: (outcome: K['Outcome']) => boolean;
  /** The sum with an answer, and without it again. */
  add: (sum: K['Sum'], outcome: K['Outcome'], input: K['Input']) => K['Sum'];
  takeAway: (sum: K['Sum'], outcome: K['Outcome']) => K['Sum'];
  /** A task that by what was answered meanwhile is of no use to anybody. */
  isOver: (sum: K['Sum'], task: K['Task']) => boolean;
  now: () => number;
  newKey: () => string;
  /** Waits before a failed request is tried again. */
  pause: (ms: number) => Promise<void>;
  /** The task was given to somebody else, or settled: nothing can be done about this one. */
  isGone: (error: unknown) => boolean;
  /** No answer came, or the server was in trouble: it is worth trying again. */
  isPassing: (error: unknown) => boolean;
  /** What was said could not be delivered after the desk was left: it cannot come back, but whoever said it must hear of it. */
  onUndelivered: (error: unknown) => void;
  /** What the sitting came to before, at the desk for another wish. */
  before: Account<K>;
};

/** What a sitting has come to. */
export type Account<K extends DeskKind> = {
  /** How often each was said. */
  counts: Readonly<Record<string, number>>;
  skipped: number;
  /** Milliseconds from seeing a task to what was said of it, one each. */
  times: readonly number[];
  sum: K['Sum'];
};
export type Shown<K extends DeskKind> = { task: K['Task']; typed: K['Typed'] };
export type DeskState<K extends DeskKind> = Account<K> & {
  phase: 'loading' | 'task' | 'empty' | 'failed';
  shown: Shown<K> | null;
  /** Counts up whenever another task is shown, or the same one again. */
  seat: number;
  /** The dialog that is open about the task shown. */
  asking: K['Asking'] | null;
  /** Leased already, the next one first: shown the moment something is said. */
  waiting: readonly Shown<K>[];
  /** Tasks of which something was said that is under way. */
  sending: readonly K['Task'][];
  /** What can be taken back; `n` counts what was said at this desk. */
  last: { n: number; name: string } | null;
  trouble: { with: 'lease' | 'answer' | 'skip' | 'undo'; error: unknown } | null;
  /** Tasks lost to somebody else; counts up. */
  lost: number;
};
type Said<K extends DeskKind> = Shown<K> & { n: number; input: K['Input']; ms: number };
type Given<K extends DeskKind> = Said<K> & { answer: Promise<K['Outcome'] | null> };

export type Desk<K extends DeskKind> = {
  store: Store<DeskState<K>>;
  start(): Promise<void>;
  type(changes: Partial<K['Typed']>): void;
  ask(asking: K['Asking'] | null): void;
  submit(input: K['Input']): void;
  skip(reason?: K['SkipReason']): void;
  undo(): Promise<void>;
  settled(n: number): void;
  retry(): Promise<void>;
  beat(): Promise<void>;
  rest(): void;
  resume(): void;
  changeSum(make: (sum: K['Sum']) => K['Sum']): void;
  stop(): void;
};

const tries = 3;
const pauseMs = 1_500;

/**
 * A desk for tasks that are leased one at a time: one is shown, the next one is leased already, and what was said travels while the next task is
 * read. What fails comes back with all that was typed.
 */
export function createDesk<K extends DeskKind>(parts: DeskParts<K>): Desk<K> {
  const { server, now, newKey, pause, isGone, isPassing, onUndelivered, isTouched, nothingTyped, nameOf } = parts;
  const store = createStore<DeskState<K>>({
    ...parts.before,
    phase: 'loading',
    shown: null,
    seat: 0,
    asking: null,
    waiting: [],
    sending: [],
    last: null,
    trouble: null,
    lost: 0,
  });
  const change = (changes: Partial<DeskState<K>>) => store.set((state) => ({ ...state, ...changes }));
  /** Tasks that are off the page while the server may still count them as ours: skips and undos under way. */
  const leaving = new Set<string>();
  let given: Given<K> | null = null;
  let said = 0;
  let shownAt = now();
  let open = true;
  let resting = false;
  let fetching: Promise<void> | null = null;
  let asked = 0;

  const onPage = (): Shown<K>[] => {
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

  function show({ task, typed }: Shown<K>): void {
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
      let task: K['Task'] | null;
      try {
        task = await server.lease(held().slice(0, parts.heldAtMost));
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
      // An answer that arrived while this one was on its way may have made room for more.
      if (asked !== seen) continue;
      if (open && !resting && onPage().length === 0) change({ phase: held().length > 0 ? 'loading' : 'empty' });
      return;
    }
  }

  /** Puts a leased task where one is missing. The page may have changed while the answer came. */
  function take(task: K['Task']): void {
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
  function lineUp(behind: readonly Shown<K>[]): void {
    const waiting = behind.filter(({ typed }, place) => place === 0 || isTouched(typed));
    for (const each of behind) if (!waiting.includes(each)) server.release(each.task.id);
    change({ waiting });
  }

  /** A task comes back in front of the one shown, which waits behind it. */
  function putBack({ task, typed }: Shown<K>): void {
    resting = false;
    lineUp(onPage().filter((each) => each.task.id !== task.id));
    show({ task, typed });
    void fill();
  }

  /** A task comes back that nobody called for: whoever is writing about another one is not torn out of it. */
  function comeBack({ task, typed }: Shown<K>): void {
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

  function count(name: string, ms: number, more: 1 | -1): void {
    const { counts, times } = store.get();
    const after = more === 1 ? [...times, ms] : times.toSpliced(times.lastIndexOf(ms), 1);
    change({ counts: { ...counts, [name]: (counts[name] ?? 0) + more }, times: after });
  }
  const countSkip = (more: 1 | -1) => change({ skipped: store.get().skipped + more });

  /** What was said can no longer be taken back. */
  function forget(n: number): void {
    if (given?.n !== n) return;
    given = null;
    change({ last: null });
  }

  async function deliver(mine: Said<K>): Promise<K['Outcome'] | null> {
    const key = newKey();
    try {
      const outcome = await persist(() => server.submit(mine.task.id, mine.input, key));
      arrived(mine.task);
      settle(mine, outcome);
      return outcome;
    } catch (error) {
      arrived(mine.task);
      forget(mine.n);
      count(nameOf(mine.input), mine.ms, -1);
      if (!open) onUndelivered(error);
      else if (isGone(error)) change({ lost: store.get().lost + 1 });
      else {
        change({ trouble: { with: 'answer', error } });
        comeBack(mine);
      }
      return null;
    } finally {
      void fill();
    }
  }

  const arrived = (task: K['Task']) => change({ sending: store.get().sending.filter(({ id }) => id !== task.id) });

  function settle(mine: Said<K>, outcome: K['Outcome']): void {
    if (parts.isFinal(outcome)) forget(mine.n);
    change({ sum: parts.add(store.get().sum, outcome, mine.input) });
    letGo();
  }

  const isOver = (task: K['Task']): boolean => parts.isOver(store.get().sum, task);

  /** Gives back what an answer has made useless, unless something was typed about it. */
  function letGo(): void {
    const { shown, asking, waiting } = store.get();
    const useless = ({ task, typed }: Shown<K>) => isOver(task) && !isTouched(typed);
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
    type(changes: Partial<K['Typed']>): void {
      const { shown } = store.get();
      if (shown !== null) change({ shown: { ...shown, typed: { ...shown.typed, ...changes } } });
    },

    /** Opens a dialog about the task shown, or closes it. */
    ask: (asking) => change({ asking }),

    /** Says something of the task shown; the next one is shown before the server has answered. */
    submit(input: K['Input']): void {
      const { shown, sending } = store.get();
      if (shown === null) return;
      said += 1;
      const mine = { ...shown, n: said, input, ms: now() - shownAt };
      change({ trouble: null, sending: [...sending, shown.task], last: { n: said, name: nameOf(input) } });
      count(nameOf(input), mine.ms, 1);
      given = { ...mine, answer: deliver(mine) };
      advance();
    },

    /** Passes the task shown on to others. */
    skip(reason?: K['SkipReason']): void {
      const { shown } = store.get();
      if (shown === null) return;
      const { id } = shown.task;
      leaving.add(id);
      change({ trouble: null });
      countSkip(1);
      persist(() => server.skip(id, reason))
        .catch((error: unknown) => {
          // Whoever has lost the seat has passed it on as well.
          if (isGone(error)) return;
          countSkip(-1);
          change({ trouble: { with: 'skip', error } });
        })
        .finally(() => {
          leaving.delete(id);
          void fill();
        });
      advance();
    },

    /** Takes back what was said last: its task is shown again with all that was typed. */
    async undo(): Promise<void> {
      const mine = given;
      if (mine === null) return;
      given = null;
      change({ last: null, trouble: null });
      // From here on the seat may be ours again at any moment: it must not be leased as if it were another one.
      leaving.add(mine.task.id);
      try {
        const outcome = await mine.answer;
        if (outcome === null || parts.isFinal(outcome)) return;
        const task = await server.undo(parts.answerIdOf(outcome));
        count(nameOf(mine.input), mine.ms, -1);
        change({ sum: parts.takeAway(store.get().sum, outcome) });
        if (open) putBack({ task, typed: mine.typed });
        else server.release(task.id);
      } catch (error) {
        change({ trouble: { with: 'undo', error } });
        // Nothing newer was said: it can be tried again.
        if (!isPassing(error) || mine.n !== said) return;
        given = mine;
        change({ last: { n: mine.n, name: nameOf(mine.input) } });
      } finally {
        leaving.delete(mine.task.id);
      }
    },

    /** The moment for taking it back has passed. */
    settled: forget,

    changeSum: (make) => change({ sum: make(store.get().sum) }),

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

    /** Gives everything back; the desk is closed. What is under way still arrives. */
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
      // Under an open dialog the next task would get what is being typed as commands; there the answer to it says it.
      change({ lost: lost + 1 });
      advance();
    }
  }
}

import type { Draft, DraftContent } from '@granary/contract';
import { createStore, type Store } from '../../lib/create-store.ts';

/** A draft as this browser holds it: always the newest words, whatever the server knows. */
export type LocalDraft = {
  id: string;
  datasetSlug: string;
  content: DraftContent;
  /** Version of the server's copy that this one builds on; 0 while the server has none. */
  baseVersion: number;
  /** Whether there are words here that the server has not got. */
  dirty: boolean;
  updatedAt: string;
};

export type DraftState = LocalDraft & {
  /**
   * `saved`: browser and server agree. `saving`: on its way, or about to be. `local`: the last try failed, so it is kept in this browser until
   * the server can be reached or somebody signs in. `conflict`: another tab or device saved in between; `theirs` is that version.
   */
  status: 'empty' | 'saved' | 'saving' | 'local' | 'conflict';
  theirs: Draft | null;
};

/** How a save on the server ended. */
export type SaveResult =
  | { kind: 'saved'; draft: Draft }
  | { kind: 'conflict'; current: Draft }
  /** The version it builds on is no longer there. */
  | { kind: 'gone' }
  | { kind: 'unreachable' }
  | { kind: 'signed-out' };

export type DraftKeeperParts = {
  storage: { get(key: string): string | null; set(key: string, value: string | null): void };
  save: (draft: LocalDraft) => Promise<SaveResult>;
  now: () => number;
  schedule: (run: () => void, ms: number) => () => void;
  newId: () => string;
};

export type DraftKeeper = {
  state: Store<DraftState>;
  /** Takes over what is in the form now: into the browser at once, to the server soon. */
  change(content: DraftContent): void;
  /** Saves on the server now, as far as it can be reached; resolves when that was tried. */
  flush(): Promise<void>;
  /** After a conflict: `mine` overwrites the other version, `theirs` takes it into the form; the one not chosen is kept as a draft of its own. */
  resolve(choice: 'mine' | 'theirs'): void;
  /** The draft became an entry or was thrown away: forgets it here. */
  forget(): void;
  /** Stops saving; the browser's copy stays. */
  stop(): void;
};

const prefix = 'granary.draft.';
const quietMs = 900;
const retryMs = [2_000, 5_000, 15_000, 30_000];

export const draftKey = (id: string): string => prefix + id;

/** Reads the browser's copy of a draft; null when there is none or it cannot be read. */
export function readLocalDraft(storage: DraftKeeperParts['storage'], id: string): LocalDraft | null {
  const text = storage.get(draftKey(id));
  if (text === null) return null;
  try {
    return JSON.parse(text) as LocalDraft;
  } catch {
    return null;
  }
}

/**
 * Keeps one draft. Every change is in the browser before the call returns, so a reload, a crash or a lost session loses
 * nothing; the server gets it after a short pause, and again and again until it has it.
 */
export function createDraftKeeper(initial: LocalDraft, parts: DraftKeeperParts): DraftKeeper {
  const state = createStore<DraftState>({
    ...initial,
    status: initial.dirty ? 'saving' : initial.baseVersion > 0 ? 'saved' : 'empty',
    theirs: null,
  });
  let cancelTimer: (() => void) | null = null;
  let running: Promise<void> | null = null;
  let failures = 0;
  let over = false;

  function keep(changes: Partial<DraftState>): void {
    state.set((current) => ({ ...current, ...changes }));
    if (over) return;
    const { status: _status, theirs: _theirs, ...local } = state.get();
    parts.storage.set(draftKey(local.id), JSON.stringify(local));
  }
  function schedule(ms: number): void {
    cancelTimer?.();
    cancelTimer = parts.schedule(() => void push(), ms);
  }
  function push(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    running ??= pushOnce().finally(() => {
      running = null;
    });
    return running;
  }
  async function pushOnce(): Promise<void> {
    const sent = state.get();
    if (over || !sent.dirty || sent.status === 'conflict') return;
    if (failures === 0) keep({ status: 'saving' });
    const result = await parts.save(sent);
    if (over) return;
    if (result.kind === 'saved') return afterSave(sent, result.draft.version);
    if (result.kind === 'conflict') return afterConflict(sent, result.current);
    if (result.kind === 'gone') return beginAnew();
    keep({ status: 'local' });
    failures += 1;
    if (result.kind === 'unreachable') schedule(retryMs[Math.min(failures, retryMs.length) - 1] ?? 30_000);
  }
  function afterSave(sent: DraftState, version: number): void {
    failures = 0;
    const changedSince = !sameContent(state.get().content, sent.content);
    keep({ baseVersion: version, dirty: changedSince, status: changedSince ? 'saving' : 'saved' });
    if (changedSince) schedule(quietMs);
  }
  /** Thrown away or handed in elsewhere while it is still written on here: what is written here is a draft again. */
  function beginAnew(): void {
    keep({ baseVersion: 0, status: 'saving' });
    schedule(0);
  }
  function afterConflict(sent: DraftState, current: Draft): void {
    // The answer to an earlier save got lost on the way: what the server has is ours.
    if (sameContent(current.content, sent.content)) return afterSave(sent, current.version);
    keep({ status: 'conflict', theirs: current });
  }
  function keepAside(content: DraftContent): void {
    const copy: LocalDraft = {
      ...initial,
      id: parts.newId(),
      content,
      baseVersion: 0,
      dirty: true,
      updatedAt: new Date(parts.now()).toISOString(),
    };
    parts.storage.set(draftKey(copy.id), JSON.stringify(copy));
    void parts.save(copy).then((result) => {
      if (result.kind === 'saved') parts.storage.set(draftKey(copy.id), null);
    });
  }

  if (initial.dirty) schedule(0);
  return {
    state,
    change(content) {
      const before = state.get();
      if (sameContent(before.content, content)) return;
      keep({
        content,
        dirty: true,
        updatedAt: new Date(parts.now()).toISOString(),
        status: before.status === 'conflict' ? 'conflict' : failures > 0 ? 'local' : 'saving',
      });
      if (before.status !== 'conflict') schedule(quietMs);
    },
    async flush() {
      // A save that is under way may carry older words: one more follows it.
      if (running) await running;
      await push();
    },
    resolve(choice) {
      const { theirs, content } = state.get();
      if (theirs === null) return;
      keepAside(choice === 'mine' ? theirs.content : content);
      keep({
        content: choice === 'mine' ? content : theirs.content,
        baseVersion: theirs.version,
        dirty: choice === 'mine',
        status: choice === 'mine' ? 'saving' : 'saved',
        theirs: null,
      });
      if (choice === 'mine') schedule(0);
    },
    forget() {
      over = true;
      cancelTimer?.();
      parts.storage.set(draftKey(initial.id), null);
    },
    stop() {
      cancelTimer?.();
      cancelTimer = null;
    },
  };
}

function sameContent(a: DraftContent, b: DraftContent): boolean {
  return (Object.keys({ ...a, ...b }) as (keyof DraftContent)[]).every((field) => a[field] === b[field]);
}

/** Whether there is anything worth keeping: words, not just a chosen category. */
export function isBlank(content: DraftContent): boolean {
  return [content.instruction, content.response, content.context, content.contextUrl, content.note].every((text) => text.trim() === '');
}

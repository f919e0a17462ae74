import type { Draft, DraftContent } from '@granary/contract';
import { describe, expect, it } from 'vitest';
import { createDraftKeeper, draftKey, readLocalDraft, type LocalDraft, type SaveResult } from './draft-keeper.ts';

const blank: DraftContent = {
  kind: 'pair',
  category: 'open_qa',
  language: 'en',
  parentId: null,
  entryId: null,
  baseRevision: null,
  instruction: '',
  hasContext: false,
  context: '',
  contextUrl: '',
  contextLicence: '',
  response: '',
  aiAssistance: 'none',
  note: '',
};
const words = (instruction: string): DraftContent => ({ ...blank, instruction });

function setUp(answer: (draft: LocalDraft) => SaveResult | Promise<SaveResult>, initial: Partial<LocalDraft> = {}) {
  const kept = new Map<string, string>();
  const storage = {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string | null) => void (value === null ? kept.delete(key) : kept.set(key, value)),
  };
  const timers: (() => void)[] = [];
  const sent: LocalDraft[] = [];
  const keeper = createDraftKeeper(
    {
      id: 'd1',
      datasetSlug: 'granary-open',
      content: blank,
      baseVersion: 0,
      dirty: false,
      updatedAt: '2026-01-01T00:00:00.000Z',
      ...initial,
    },
    {
      storage,
      now: () => 0,
      newId: () => `copy${kept.size}`,
      save: async (draft) => {
        sent.push(draft);
        return answer(draft);
      },
      schedule: (run) => {
        timers.push(run);
        return () => void timers.splice(timers.indexOf(run), 1);
      },
    },
  );
  return { keeper, kept, storage, timers, sent };
}
const saved = (draft: LocalDraft): SaveResult => ({ kind: 'saved', draft: asDraft(draft, draft.baseVersion + 1) });
const asDraft = (draft: LocalDraft, version: number): Draft => ({
  id: draft.id,
  datasetSlug: draft.datasetSlug,
  content: draft.content,
  version,
  createdAt: draft.updatedAt,
  updatedAt: draft.updatedAt,
});

describe('draft keeper', () => {
  it('has every change in the browser before the call returns', () => {
    const { keeper, storage, sent } = setUp(saved);
    keeper.change(words('Why do'));
    expect(readLocalDraft(storage, 'd1')?.content.instruction).toBe('Why do');
    expect(sent).toHaveLength(0);
    expect(keeper.state.get().status).toBe('saving');
  });

  it('saves on the server and builds the next save on that version', async () => {
    const { keeper, sent } = setUp(saved);
    keeper.change(words('Why do'));
    await keeper.flush();
    keeper.change(words('Why do granaries'));
    await keeper.flush();
    expect(sent.map((draft) => draft.baseVersion)).toEqual([0, 1]);
    expect(keeper.state.get()).toMatchObject({ status: 'saved', dirty: false, baseVersion: 2 });
  });

  it('keeps what was typed while a save was under way', async () => {
    const { keeper, sent } = setUp((draft) => {
      if (draft.content.instruction === 'a') keeper.change(words('ab'));
      return saved(draft);
    });
    keeper.change(words('a'));
    await keeper.flush();
    expect(keeper.state.get()).toMatchObject({ dirty: true, baseVersion: 1 });
    await keeper.flush();
    expect(sent.map((draft) => draft.content.instruction)).toEqual(['a', 'ab']);
    expect(keeper.state.get().status).toBe('saved');
  });

  it('tries again when the server cannot be reached, and loses nothing meanwhile', async () => {
    let reachable = false;
    const { keeper, timers, storage } = setUp((draft) => (reachable ? saved(draft) : { kind: 'unreachable' }));
    keeper.change(words('offline words'));
    await keeper.flush();
    expect(keeper.state.get().status).toBe('local');
    expect(timers).toHaveLength(1);
    expect(readLocalDraft(storage, 'd1')).toMatchObject({ dirty: true, content: { instruction: 'offline words' } });
    keeper.change(words('offline words, and more'));
    expect(keeper.state.get().status, 'no promise to save while the last try failed').toBe('local');
    reachable = true;
    await keeper.flush();
    expect(keeper.state.get().status).toBe('saved');
  });

  it('takes the server’s version as its own when only the answer was lost', async () => {
    const { keeper } = setUp((draft) => ({ kind: 'conflict', current: asDraft(draft, 7) }));
    keeper.change(words('same'));
    await keeper.flush();
    expect(keeper.state.get()).toMatchObject({ status: 'saved', baseVersion: 7, dirty: false });
  });

  it.each(['mine', 'theirs'] as const)('keeps both versions of a conflict when %s is chosen', async (choice) => {
    const theirs = words('theirs');
    const { keeper, kept } = setUp((draft) => {
      if (draft.id !== 'd1') return { kind: 'unreachable' };
      return draft.baseVersion === 0 ? { kind: 'conflict', current: asDraft({ ...draft, content: theirs }, 3) } : saved(draft);
    });
    keeper.change(words('mine'));
    await keeper.flush();
    expect(keeper.state.get().status).toBe('conflict');
    keeper.resolve(choice);
    await keeper.flush();
    expect(keeper.state.get()).toMatchObject({ status: 'saved', content: { instruction: choice } });
    const others = [...kept]
      .filter(([key]) => key !== draftKey('d1'))
      .map(([, text]) => (JSON.parse(text) as LocalDraft).content.instruction);
    expect(others).toEqual([choice === 'mine' ? 'theirs' : 'mine']);
  });

  it('waits, without losing anything, while nobody is signed in', async () => {
    const { keeper, timers } = setUp(() => ({ kind: 'signed-out' }));
    keeper.change(words('a stranger'));
    await keeper.flush();
    expect(keeper.state.get()).toMatchObject({ status: 'local', dirty: true });
    expect(timers).toHaveLength(0);
  });

  it('sends what an earlier visit left unsent', () => {
    const { timers } = setUp(saved, { content: words('from before'), dirty: true });
    expect(timers).toHaveLength(1);
  });

  it('forgets a draft that became an entry', async () => {
    const { keeper, kept } = setUp(saved);
    keeper.change(words('done'));
    await keeper.flush();
    keeper.forget();
    keeper.change(words('late'));
    expect([...kept.keys()]).toEqual([]);
  });

  it('is saved anew when the version it builds on was thrown away elsewhere', async () => {
    const { keeper, timers, sent } = setUp((draft) => (draft.baseVersion > 0 ? { kind: 'gone' } : saved(draft)), { baseVersion: 3 });
    keeper.change(words('still being written'));
    await keeper.flush();
    timers.at(-1)?.();
    await keeper.flush();
    expect(sent.map(({ baseVersion }) => baseVersion)).toEqual([3, 0]);
    expect(keeper.state.get()).toMatchObject({ status: 'saved', baseVersion: 1, content: words('still being written') });
  });
});

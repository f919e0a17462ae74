import { useEffect, useMemo } from 'react';
import type { DraftContent } from '@granary/contract';
import { callApi, endpoints, isApiError, NetworkError } from '../../lib/api.ts';
import { browserStorage } from '../../lib/browser-storage.ts';
import { useStore } from '../../lib/create-store.ts';
import { createDraftKeeper, readLocalDraft, type DraftKeeper, type DraftState, type LocalDraft, type SaveResult } from './draft-keeper.ts';
import { newDraftId } from './draft-id.ts';

/** Saves a draft on the server without ever asking anybody to sign in: the browser has it in any case. */
async function saveOnServer(draft: LocalDraft): Promise<SaveResult> {
  try {
    const body = { datasetSlug: draft.datasetSlug, baseVersion: draft.baseVersion, content: draft.content };
    return { kind: 'saved', draft: await callApi(endpoints.drafts.save, { params: { id: draft.id }, body, whenSessionLost: 'throw' }) };
  } catch (error) {
    const current = isApiError(error, 'draft_conflict') ? error.problem.data?.current : undefined;
    if (current !== undefined) return { kind: 'conflict', current: current as Extract<SaveResult, { kind: 'conflict' }>['current'] };
    if (isApiError(error, 'not_found') && draft.baseVersion > 0) return { kind: 'gone' };
    if (isApiError(error) && (error.status === 401 || error.status === 403)) return { kind: 'signed-out' };
    if (error instanceof NetworkError || isApiError(error)) return { kind: 'unreachable' };
    throw error;
  }
}

export type DraftHandle = Omit<DraftKeeper, 'state'> & { draft: DraftState };

/**
 * Keeps one draft while the component is on the page. `start` is the form's content when neither browser nor server have
 * the draft yet. Saves again when the network returns, when somebody signs in (`signedIn`), and when the page is left.
 */
export function useDraft(start: LocalDraft, signedIn: boolean): DraftHandle {
  // One keeper per draft: `start` belongs to the first rendering of that id alone.
  // oxlint-disable-next-line react/exhaustive-deps
  const keeper = useMemo(() => createDraftKeeper(newest(start, readLocalDraft(browserStorage, start.id)), keeperParts), [start.id]);
  const draft = useStore(keeper.state);
  useEffect(() => {
    const flush = () => void keeper.flush();
    const flushWhenHidden = () => document.visibilityState === 'hidden' && flush();
    if (signedIn) flush();
    window.addEventListener('online', flush);
    document.addEventListener('visibilitychange', flushWhenHidden);
    return () => {
      window.removeEventListener('online', flush);
      document.removeEventListener('visibilitychange', flushWhenHidden);
      flush();
      keeper.stop();
    };
  }, [keeper, signedIn]);
  return useMemo(() => ({ ...keeper, draft }), [keeper, draft]);
}

const keeperParts = {
  storage: browserStorage,
  save: saveOnServer,
  now: Date.now,
  newId: newDraftId,
  schedule: (run: () => void, ms: number) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The browser's copy wins while it has words that the server has not got; otherwise the server's newer version does. */
function newest(start: LocalDraft, local: LocalDraft | null): LocalDraft {
  if (local === null) return start;
  return local.dirty || local.baseVersion >= start.baseVersion ? local : start;
}

export const blankContent: DraftContent = {
  kind: 'pair',
  category: '',
  language: '',
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

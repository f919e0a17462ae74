import { useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ContributionInput, DraftContent, Entry } from '@granary/contract';
import { callApi, endpoints, isApiError, newIdempotencyKey } from '../../lib/api.ts';
import { apiQueryKey } from '../../lib/api-query.ts';
import { toContribution, toProposal, toRevision, type ContributionTask } from './contribution-content.ts';

export type Submitted = { entry: Entry; instruction: Entry | null };
type Submission = { task: ContributionTask; datasetSlug: string; draftId: string; content: DraftContent };

/**
 * Hands a contribution in. The same content is always sent under the same key, so pressing again after a lost connection
 * can never add it twice. Errors are kept for the form to show; nothing is thrown away.
 */
export function useSubmit() {
  const client = useQueryClient();
  const attempt = useRef({ content: '', key: '' });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function submit(submission: Submission): Promise<Submitted | null> {
    const text = JSON.stringify(submission.content);
    if (attempt.current.content !== text) attempt.current = { content: text, key: newIdempotencyKey() };
    setBusy(true);
    setError(null);
    try {
      const submitted = await send(submission, attempt.current.key);
      await client.invalidateQueries({ queryKey: apiQueryKey(endpoints.entries.mine) });
      await client.invalidateQueries({ queryKey: apiQueryKey(endpoints.drafts.list) });
      void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.entries.get) });
      void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.datasets.get) });
      return submitted;
    } catch (thrown) {
      setError(thrown);
      return null;
    } finally {
      setBusy(false);
    }
  }
  return {
    submit,
    busy,
    error,
    /** The server's findings per field of the request. */
    fieldErrors: isApiError(error) ? error.fieldErrors : {},
    clearError: () => setError(null),
  };
}

function send({ task, datasetSlug, draftId, content }: Submission, idempotencyKey: string): Promise<Submitted> {
  const query = { draftId };
  if (task.kind === 'edit' && task.proposed) {
    return callApi(endpoints.entries.propose, {
      params: { id: task.entry.id },
      query,
      body: toProposal(content),
      ifMatch: content.baseRevision ?? task.entry.revision.number,
      idempotencyKey,
    }).then(() => ({ entry: task.entry, instruction: task.instruction }));
  }
  if (task.kind === 'edit') {
    return callApi(endpoints.entries.revise, {
      params: { id: task.entry.id },
      query,
      body: toRevision(content),
      ifMatch: content.baseRevision ?? task.entry.revision.number,
      idempotencyKey,
    });
  }
  return callApi(endpoints.entries.create, {
    params: { slug: datasetSlug },
    query,
    body: toContribution(content) as ContributionInput,
    idempotencyKey,
  });
}

import { limits, type Draft, type DraftContent } from '@granary/contract';
import { ApiError, notFound } from '../../errors.ts';
import type { DraftRepository } from './repository.ts';

export type DraftService = ReturnType<typeof createDraftService>;

export function createDraftService({ drafts, clock }: { drafts: DraftRepository; clock: () => Date }) {
  return {
    list: (userId: string): Promise<Draft[]> => drafts.list(userId),

    /** Throws `not_found`. */
    async get(userId: string, id: string): Promise<Draft> {
      return (await drafts.get(userId, id)) ?? Promise.reject(notFound('such draft of yours'));
    },

    /**
     * Compare-and-set on the version, so that two tabs never overwrite each other. Throws `draft_conflict` (with the present
     * draft), `not_found` (no such dataset, or the draft it builds on is gone), `validation_failed` (too many drafts).
     */
    async save(userId: string, id: string, input: { datasetSlug: string; baseVersion: number; content: DraftContent }): Promise<Draft> {
      const save = { ...input, id, userId, now: clock() };
      const saved = input.baseVersion === 0 ? await drafts.add(save, limits.draftsMax) : await drafts.replace(save);
      return saved ?? Promise.reject(await whyNot(userId, id, input));
    },

    /** Throws `not_found`. */
    async remove(userId: string, id: string): Promise<void> {
      if (!(await drafts.remove(userId, id))) throw notFound('such draft of yours');
    },
  };

  async function whyNot(
    userId: string,
    id: string,
    { datasetSlug, baseVersion }: { datasetSlug: string; baseVersion: number },
  ): Promise<ApiError> {
    if (!(await drafts.hasDataset(datasetSlug))) return notFound('such dataset');
    const current = await drafts.get(userId, id);
    if (current !== null)
      return new ApiError('draft_conflict', 'Another tab or device saved this draft in the meantime.', { data: { current } });
    if (baseVersion > 0) return notFound('draft this version builds on: it was handed in or thrown away');
    const message = `At most ${limits.draftsMax} drafts. Hand some in or throw some away.`;
    return new ApiError('validation_failed', message, { errors: [{ path: 'id', message }] });
  }
}

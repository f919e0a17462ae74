import { createHash } from 'node:crypto';
import { fullRecordSchema } from '@granary/contract';
import type { ChangeCounts, Page, SnapshotChange } from '@granary/contract';
import { encodeChanges } from '@granary/corpus';
import * as z from 'zod';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, toPage } from '../../http/cursors.ts';
import type { ChangesRepository, Span } from './changes-repository.ts';
import { firstDifferences, noChanges, readChanges, toChanges } from './read-changes.ts';

export type ChangesService = ReturnType<typeof createChangesService>;
type Query = { cursor?: string | undefined; limit: number; since?: number | undefined; change?: SnapshotChange['change'] | undefined };

const cursorSchema = z.tuple([z.uuid(), z.uuid()]);

/** What changed between two published snapshots. Throws ApiError. */
export function createChangesService({ repository }: { repository: ChangesRepository }) {
  return {
    async list(slug: string, number: number, query: Query): Promise<Page<SnapshotChange> & { since: number | null; counts: ChangeCounts }> {
      const cursor = decodeCursor(query.cursor, cursorSchema);
      const found = await findSpan(slug, number, query.since);
      if (found === null) return { items: [], nextCursor: null, since: null, counts: noChanges };
      const { span } = found;
      const after = cursor && { conversation_id: cursor[0], response_id: cursor[1] };
      const differences = await firstDifferences(repository, span, { kind: query.change ?? null, after, limit: query.limit + 1 });
      const page = toPage(differences, query.limit, (each) => [each.conversation_id, each.response_id], (each) => each); // prettier-ignore
      return {
        items: await toChanges(repository, span, page.items),
        nextCursor: page.nextCursor,
        since: span.earlier.number,
        counts: await repository.counts(span),
      };
    },

    /** The delta file: its name, its strong entity tag, and its bytes once they are asked for. */
    async file(slug: string, number: number, since: number | undefined) {
      const found = await findSpan(slug, number, since);
      if (found === null) throw new ApiError('not_found', `Snapshot ${number} is the first of ${slug}: there is nothing before it.`);
      const { span, contents } = found;
      return {
        name: `${slug}-v${span.earlier.number}-v${number}-changes.jsonl.gz`,
        etag: `"${tagOf([slug, span.earlier.number, number, ...contents])}"`,
        content: () => encodeChanges(readChanges(repository, span)),
      };
    },
  };

  /** Null when `since` was left out and nothing was published before. */
  async function findSpan(slug: string, number: number, since: number | undefined): Promise<{ span: Span; contents: string[] } | null> {
    if (since !== undefined && since >= number) {
      const message = `Take a snapshot before ${number}`;
      throw new ApiError('validation_failed', `The snapshot to compare with has to be an earlier one. ${message}.`, {
        errors: [{ path: 'since', message }],
      });
    }
    const later = await publishedOne(slug, number);
    const before = since === undefined ? await repository.before(later.datasetId, number) : { number: since };
    if (before === null) return null;
    const earlier = await publishedOne(slug, before.number);
    return { span: await repository.span(later.datasetId, earlier, later), contents: [earlier.contentHash, later.contentHash] };
  }

  async function publishedOne(slug: string, number: number) {
    const found = await repository.published(slug, number);
    if (found === null) throw notFound(`published snapshot ${number} of ${slug}`);
    return found;
  }
}

/** What the bytes depend on: both snapshots, which never change, and the columns that this program writes. */
function tagOf(parts: readonly (string | number)[]): string {
  const hash = createHash('sha256');
  for (const part of ['changes', ...parts, ...Object.keys(fullRecordSchema.shape)]) hash.update(`${part}\n`);
  return hash.digest('hex');
}

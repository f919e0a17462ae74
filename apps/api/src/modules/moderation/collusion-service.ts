import type { CollusionFlag } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import type { JudgedText, SuspectedPair } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import { runInThread } from '../../jobs/run-in-thread.ts';
import type { Actor } from '../../plugins/auth.ts';
import { toPerson } from '../entries/entry-rows.ts';
import { appendEvents } from '../events/log.ts';
import type { CollusionRepository, CollusionRow } from './collusion-repository.ts';

type Parts = { db: Database; collusion: CollusionRepository; clock: () => Date };
type Resolution = { resolution: 'upheld' | 'dismissed'; reason: string };

/** How far back people are looked at. */
const lookBackMs = 90 * 86_400_000;

export function createCollusionService({ db, collusion, clock }: Parts) {
  return {
    /** Opens suspicions about accounts that help each other, with their evidence; resolves to how many are new. Any number of processes may look at once. */
    async lookForCollusion(): Promise<number> {
      const now = clock();
      const since = new Date(now.getTime() - lookBackMs);
      let opened = 0;
      for (const datasetId of await collusion.reviewedSince(since))
        for (const { a: aId, b: bId, kind, ...found } of await suspectsAmong(await collusion.judged(datasetId, since))) {
          const { meetings, approvals, mutual } = found;
          const evidence = {
            meetings,
            expected: rounded(found.expected),
            approvals,
            mutual,
            log10Probability: rounded(found.log10Probability),
          };
          opened += await inTransaction(db, async (tx) => {
            if (!(await collusion.open(tx, datasetId, { aId, bId, kind, evidence }, now))) return 0;
            await appendEvents(
              tx,
              [{ kind: 'collusion_suspected', actorId: null, datasetId, userId: aId, payload: { with: bId, kind, ...evidence } }],
              now,
            );
            return 1;
          });
        }
      return opened;
    },

    /** Throws `cursor_invalid`. */
    async collusion({ cursor, limit, status }: { cursor?: string | undefined; limit: number; status: string }) {
      const rows = await collusion.list(status, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(rows, limit, (row) => [row.created_at.toISOString(), row.id], toFlag);
    },

    /** Throws `not_found`, `forbidden` about oneself, `status_conflict` when it is closed. */
    resolveCollusion(
      actor: Actor,
      id: string,
      { resolution, reason }: Resolution,
      finish: (tx: Transaction, answer: CollusionFlag) => Promise<void>,
    ): Promise<CollusionFlag> {
      return inTransaction(db, async (tx) => {
        const row = await collusion.byId(tx, id);
        if (row === null) throw notFound('such suspicion');
        if (actor.id === row.a_id || actor.id === row.b_id)
          throw new ApiError('forbidden', 'You cannot close a suspicion about yourself: another moderator has to.');
        const at = clock();
        if (!(await collusion.close(tx, id, resolution, { resolverId: actor.id, reason, at })))
          throw new ApiError('status_conflict', 'This suspicion was closed already.');
        const kind = resolution === 'upheld' ? 'collusion_upheld' : 'collusion_dismissed';
        await appendEvents(
          tx,
          [{ kind, actorId: actor.id, datasetId: row.dataset_id, userId: row.a_id, payload: { with: row.b_id, kind: row.kind, reason } }],
          at,
        );
        const answer = toFlag((await collusion.byId(tx, id)) ?? row);
        await finish(tx, answer);
        return answer;
      });
    },
  };
}

const suspectsAmong = (judged: readonly JudgedText[]): Promise<SuspectedPair[]> =>
  runInThread(new URL('collusion-thread.ts', import.meta.url), judged);

const rounded = (value: number): number => Number(Math.max(-300, value).toFixed(2));

function toFlag(row: CollusionRow): CollusionFlag {
  return {
    id: row.id,
    datasetSlug: row.dataset_slug,
    datasetTitle: row.dataset_title,
    people: [
      { id: row.a_id, displayName: row.a_name },
      { id: row.b_id, displayName: row.b_name },
    ],
    kind: row.kind,
    evidence: row.evidence,
    status: row.status,
    resolver: toPerson(row.resolver_id, row.resolver_name),
    resolution: row.resolution,
    createdAt: row.created_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}

import { publishingPlanSchema, selectionSchema } from '@granary/contract';
import type { PlanOutcome, Publishing, PublishingPlan, Selection } from '@granary/contract';
import { inTransaction } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import { can, nextLook, nextWeekly } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { appendEvents } from '../events/log.ts';
import type { SnapshotService } from '../snapshots/service.ts';
import type { ClaimedPlan, PlanRepository, PlanRow, Reference, Settlement } from './plan-repository.ts';

type Deps = {
  db: Pick<Database, 'prisma'>;
  plans: PlanRepository;
  snapshots: Pick<SnapshotService, 'create' | 'preview'>;
  clock: () => Date;
};
type Remember = (tx: Transaction, body: Publishing) => Promise<void>;
export type PlanService = ReturnType<typeof createPlanService>;

/** A worker that claimed a plan and died is followed by another after so long. */
const leaseMs = 10 * 60_000;
const byHand = publishingPlanSchema.parse({ mode: 'manual', selection: selectionSchema.parse({}) });

/** Somebody set another plan, or another process took this one over, while it was acted on: nothing is to come of it. */
class PlanTakenError extends Error {}

/** When datasets publish by themselves. Throws ApiError. */
export function createPlanService({ db, plans, snapshots, clock }: Deps) {
  return {
    async get(slug: string): Promise<Publishing> {
      const { datasetId, plan } = await find(slug);
      return toPublishing(plan, await approvals(datasetId, plan ?? byHand));
    },

    /** Throws `not_found`, `validation_failed`. */
    async set(slug: string, plan: PublishingPlan, actor: Actor, remember: Remember): Promise<Publishing> {
      // Says what is wrong with the selection, now and not at night.
      await snapshots.preview(slug, plan.selection);
      const { datasetId, plan: before } = await find(slug);
      const now = clock();
      const nextAt = plan.mode === 'manual' ? null : plan.mode === 'weekly' ? nextWeekly(plan, now) : now;
      const approvalsSince = await approvals(datasetId, plan);
      const setBy = { id: actor.id, displayName: actor.displayName };
      const set = {
        ...toPublishing(before, approvalsSince),
        ...plan,
        setBy,
        setAt: now.toISOString(),
        nextAt: nextAt?.toISOString() ?? null,
      };
      await inTransaction(db, async (tx) => {
        await plans.put(tx, datasetId, plan, { by: actor.id, at: now, nextAt });
        const { mode, weekday, hour, approvals: every, selection } = plan;
        const payload = { mode, ...(mode === 'weekly' && { weekday, hour }), ...(mode === 'approvals' && { approvals: every }), selection };
        await appendEvents(tx, [{ kind: 'publishing_planned', actorId: actor.id, datasetId, payload }], now);
        await remember(tx, set);
      });
      return set;
    },

    /** Asks for the snapshots that are due; any number of processes may do so at once. Resolves to how many it asked for. */
    async requestDue(): Promise<number> {
      let requested = 0;
      for (;;) {
        const now = clock();
        const plan = await plans.claimDue(now, new Date(now.getTime() + leaseMs));
        if (plan === null) return requested;
        if ((await act(plan, now)) === 'requested') requested += 1;
      }
    },
  };

  async function find(slug: string) {
    return (await plans.of(slug)) ?? Promise.reject(notFound(`dataset ${slug}`));
  }

  async function approvals(datasetId: string, plan: PublishingPlan | PlanRow): Promise<number> {
    const reference = await referenceOf(datasetId, plan.selection);
    return plans.approvedSince(datasetId, plan.selection, reference?.until ?? null, plan.approvals);
  }

  async function referenceOf(datasetId: string, selection: Selection): Promise<Reference | undefined> {
    const wanted = normalForm(selection);
    return (await plans.references(datasetId)).find((each) => normalForm(each.selection) === wanted);
  }

  /** Does what a plan asks for and writes down what came of it; undefined where nothing was due yet. */
  async function act(plan: ClaimedPlan, now: Date): Promise<PlanOutcome | undefined> {
    const settle = async (tx: Transaction, settlement: Settlement) => {
      if (!(await plans.settle(tx, plan, settlement))) throw new PlanTakenError();
    };
    try {
      const outcome = await nothingToDo(plan);
      if (outcome !== null) {
        const { told } = outcome;
        await settle(db.prisma, { nextAt: nextLook(plan, 'nothing', now), at: now, ...(told === undefined ? {} : { outcome: told }) });
        return told;
      }
      try {
        // Snapshot and plan change together: whoever asks again after a crash finds that it was asked for.
        await snapshots.create(plan.dataset_slug, { selection: plan.selection, notes: plan.notes }, actorOf(plan), (tx, { number }) =>
          settle(tx, { nextAt: nextLook(plan, 'requested', now), at: now, outcome: 'requested', number }),
        );
        return 'requested';
      } catch (error) {
        const refused = error instanceof ApiError ? refusals[error.code] : undefined;
        if (refused === undefined) throw error;
        const came = refused === 'snapshot_running' ? 'blocked' : 'nothing';
        await settle(db.prisma, { nextAt: nextLook(plan, came, now), at: now, outcome: refused });
        return refused;
      }
    } catch (error) {
      if (error instanceof PlanTakenError) return undefined;
      throw error;
    }
  }

  /** Why nothing is to be published now, `told` where somebody should learn of it; null when a snapshot is due. */
  async function nothingToDo(plan: ClaimedPlan): Promise<{ told?: PlanOutcome } | null> {
    const reference = await referenceOf(plan.dataset_id, plan.selection);
    if (plan.mode === 'approvals') {
      const since = reference?.until ?? null;
      if ((await plans.approvedSince(plan.dataset_id, plan.selection, since, plan.approvals)) < plan.approvals) return {};
    }
    if (plan.set_by_status !== 'active' || !can(actorOf(plan), 'snapshots:publish').allowed) return { told: 'not_allowed' };
    if (reference && (await plans.isUnchanged(plan.dataset_id, plan.selection, reference))) return { told: 'unchanged' };
    return null;
  }
}

const refusals: Partial<Record<string, PlanOutcome>> = {
  selection_empty: 'selection_empty',
  snapshot_running: 'snapshot_running',
  validation_failed: 'selection_invalid',
};

const actorOf = (plan: PlanRow): Actor => ({
  id: plan.set_by_id,
  displayName: plan.set_by_name,
  role: plan.set_by_role,
  scopes: null,
  via: 'session',
  sessionId: null,
});

/** The same for selections that select the same: in which order lists were filled does not matter. */
function normalForm({ categories, languages, ...rest }: Selection): string {
  const values = Object.entries({ ...rest, categories: categories.toSorted(), languages: languages.toSorted() });
  return JSON.stringify(values.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toPublishing(row: PlanRow | null, approvalsSince: number): Publishing {
  if (row === null) return { ...byHand, setBy: null, setAt: null, nextAt: null, last: null, approvalsSince };
  const { mode, weekday, hour, approvals, selection, notes } = row;
  return {
    mode,
    weekday,
    hour,
    approvals,
    selection,
    notes,
    setBy: { id: row.set_by_id, displayName: row.set_by_name },
    setAt: row.set_at.toISOString(),
    nextAt: row.next_at?.toISOString() ?? null,
    last:
      row.last_at === null || row.last_outcome === null
        ? null
        : { at: row.last_at.toISOString(), outcome: row.last_outcome, number: row.last_snapshot },
    approvalsSince,
  };
}

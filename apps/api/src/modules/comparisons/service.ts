import {
  reviewLease,
  undoSeconds,
  type ComparisonAnswer,
  type ComparisonOutcome,
  type ComparisonTask,
  type Entry,
} from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { differenceError, expectedGain, mayKnowOf, strengthsOf, type Duel } from '@granary/domain';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Actor } from '../../plugins/auth.ts';
import { toEntry } from '../entries/entry-rows.ts';
import type { ComparisonLease, ComparisonRepository, Preference } from './repository.ts';
import { updateStrengthsJob } from './strengths-job.ts';

type Parts = { db: Database; comparisons: ComparisonRepository; jobs: Pick<Jobs, 'send'>; clock: () => Date; random: () => number };
type Wish = {
  dataset?: string | undefined;
  category?: string | undefined;
  languages?: readonly string[] | undefined;
  holding?: readonly string[] | undefined;
};
export type ComparisonService = ReturnType<typeof createComparisonService>;

/** An answer whose job has not run after a minute may have lost it; older ones than a day were looked at often enough. */
const answeredMs = 60_000;
const lookBackMs = 24 * 60 * 60_000;

const leaseEnd = (now: Date): Date => new Date(now.getTime() + reviewLease.seconds * 1000);
const taken = () => new ApiError('task_taken', 'The comparison was given to somebody else, or a response has changed. Take the next one.');

export function createComparisonService({ db, comparisons, jobs, clock, random }: Parts) {
  return {
    async queue(actor: Actor) {
      const datasets = await comparisons.datasets();
      const items = await Promise.all(
        datasets.map(async ({ id, slug: datasetSlug, title: datasetTitle }) => ({
          datasetSlug,
          datasetTitle,
          waiting: await comparisons.waiting(id, actor.id, clock()),
        })),
      );
      return { items };
    },

    /** Leases the comparison that would tell most; null when nothing waits. Throws `not_found`. */
    async next(actor: Actor, wish: Wish): Promise<ComparisonTask | null> {
      for (const dataset of await candidates(wish)) {
        const categoryId = wish.category === undefined ? null : await comparisons.categoryId(dataset.id, wish.category);
        if (wish.category !== undefined && categoryId === null) continue;
        const now = clock();
        const languages = wish.languages === undefined || wish.languages.length === 0 ? null : wish.languages;
        const filter = { datasetId: dataset.id, categoryId, languages, holding: wish.holding ?? [] };
        const lease = await comparisons.lease(filter, actor.id, now, leaseEnd(now));
        if (lease !== null) return load(lease);
      }
      return null;
    },

    /** Throws `task_taken`. */
    async heartbeat(actor: Actor, id: string) {
      const until = leaseEnd(clock());
      if (!(await comparisons.extend(id, actor.id, until))) throw taken();
      return { leaseExpiresAt: until.toISOString() };
    },

    release: (actor: Actor, id: string) => comparisons.release(id, actor.id),

    /** Throws `task_taken`. */
    async skip(actor: Actor, id: string): Promise<void> {
      if (!(await comparisons.skip(id, actor.id, clock()))) throw taken();
    },

    /** Keeps which response somebody found better. Throws `task_taken`, `own_entry`, `validation_failed`. */
    async answer(
      actor: Actor,
      id: string,
      { answer, left }: { answer: ComparisonAnswer; left: string },
      finish: (tx: Transaction, outcome: ComparisonOutcome) => Promise<void>,
    ): Promise<ComparisonOutcome> {
      const { outcome, instructionId } = await inTransaction(db, async (tx) => {
        const pair = await comparisons.locked(tx, id);
        if (pair === null || pair.leased_by_id !== actor.id) throw taken();
        if (pair.author_ids.includes(actor.id)) throw new ApiError('own_entry', 'Somebody else has to compare what you wrote.');
        const aFirst = left === pair.a_id;
        if (!aFirst && left !== pair.b_id) {
          const message = 'Name one of the two responses';
          throw new ApiError('validation_failed', `left: ${message}`, { errors: [{ path: 'left', message }] });
        }
        const now = clock();
        const given = { id: uuid(), userId: actor.id, preference: preferenceOf(answer, aFirst), aFirst, createdAt: now };
        const answerId = await comparisons.add(tx, pair, given);
        if (answerId === null) throw new ApiError('task_taken', 'You have compared these two already.');
        const told = { answerId, answer, undoUntil: new Date(now.getTime() + undoSeconds * 1000).toISOString() };
        await finish(tx, told);
        return { outcome: told, instructionId: pair.instruction_id };
      });
      await ask(instructionId);
      return outcome;
    },

    /** Takes an answer back; the caller holds the comparison again. Throws `not_found`, `undo_too_late`. */
    async undo(actor: Actor, answerId: string): Promise<ComparisonTask> {
      const { lease, instructionId } = await inTransaction(db, async (tx) => {
        const answer = await comparisons.answer(tx, answerId, actor.id);
        if (answer === null) throw notFound('such answer of yours');
        const now = clock();
        if (now.getTime() - answer.created_at.getTime() > undoSeconds * 1000)
          throw new ApiError('undo_too_late', `An answer can be taken back for ${undoSeconds} seconds.`);
        const held =
          answer.pair_id === null
            ? null
            : await comparisons.takeBack(tx, answerId, answer.pair_id, { userId: actor.id, now, until: leaseEnd(now) });
        if (held === null) throw new ApiError('undo_too_late', 'A response has changed since, or somebody else compares them.');
        return { lease: held, instructionId: answer.instruction_id };
      });
      await ask(instructionId);
      return load(lease);
    },

    /** Throws `not_found`, also for an entry that is hidden from this reader. */
    async strengths(actor: Actor | null, entryId: string) {
      const entry = await comparisons.asked(entryId);
      if (entry === null || !mayKnowOf(actor, entry)) throw notFound('such entry');
      return { items: await comparisons.strengths(entry.instructionId) };
    },

    /** Asks again for strengths that were lost with a process between an answer and its job. Resolves to their instructions. */
    async requestDue(): Promise<string[]> {
      const now = clock().getTime();
      const due = await comparisons.due(new Date(now - lookBackMs), new Date(now - answeredMs));
      for (const instructionId of due) await ask(instructionId);
      return due;
    },

    /** Estimates the errors that are missing in a dataset, each instruction in a transaction of its own. Rejects when `onEach` does. */
    async estimateErrors(datasetId: string, onEach: () => Promise<void>): Promise<void> {
      let due: string[] = [];
      do {
        due = await comparisons.withoutErrors(datasetId, due.at(-1) ?? null);
        for (const instructionId of due) {
          await updateStrengths(instructionId);
          await onEach();
        }
      } while (due.length > 0);
    },

    updateStrengths,
  };

  /** The job: strengths from all comparisons of the present versions, and what each further one would tell. */
  function updateStrengths(instructionId: string): Promise<void> {
    return inTransaction(db, async (tx) => {
      await comparisons.lockInstruction(tx, instructionId);
      const { responses, duels: rows } = await comparisons.standing(tx, instructionId);
      const at = new Map(responses.map(({ id }, n) => [id, n]));
      const duels = rows.map((row): Duel => ({
        a: at.get(row.a_id) ?? 0,
        b: at.get(row.b_id) ?? 0,
        aWins: row.a_wins,
        bWins: row.b_wins,
        ties: row.ties,
      }));
      const found = strengthsOf(responses.length, duels);
      const madeOf = (n: number) =>
        duels.filter(({ a, b }) => a === n || b === n).reduce((sum, { aWins, bWins, ties }) => sum + aWins + bWins + ties, 0);
      const strengths = responses.map(({ id, revision_id: revisionId }, n) => ({
        responseId: id,
        revisionId,
        strength: rounded(found.values[n]),
        error: rounded(found.errors[n]),
        comparisons: madeOf(n),
      }));
      const pairs = responses.flatMap(({ id: aId }, a) =>
        responses.slice(a + 1).map(({ id: bId }, further) => {
          const b = a + 1 + further;
          return { aId, bId, information: rounded(expectedGain(found, a, b)), differenceError: rounded(differenceError(found, a, b)) };
        }),
      );
      await comparisons.putStrengths(tx, instructionId, { strengths, pairs, now: clock() });
    });
  }

  /** One job per instruction waits at most: it reads whatever is there when it runs. */
  async function ask(instructionId: string): Promise<void> {
    await jobs.send(updateStrengthsJob, { instructionId }, { key: instructionId });
  }

  async function candidates({ dataset }: Wish) {
    if (dataset === undefined) return comparisons.datasets();
    const named = await comparisons.dataset(dataset);
    if (named === null) throw notFound('such dataset');
    return [named];
  }

  async function load(lease: ComparisonLease): Promise<ComparisonTask> {
    const nodes = await comparisons.nodes(lease);
    const [a, b] = [nodes.find(({ place }) => place === 'a'), nodes.find(({ place }) => place === 'b')];
    if (a === undefined || b === undefined) throw taken();
    const [left, right] = random() < 0.5 ? [a, b] : [b, a];
    return {
      id: lease.id,
      leaseExpiresAt: lease.lease_expires_at.toISOString(),
      datasetSlug: a.dataset_slug,
      datasetTitle: a.dataset_title,
      category: { slug: a.category, title: a.category_title, guideline: a.guideline },
      path: nodes.filter(({ place }) => place === 'path').map(toEntry),
      left: unsigned(toEntry(left)),
      right: unsigned(toEntry(right)),
    };
  }
}

/** Rounded, so that nothing hangs on the last digits of a sum. */
const rounded = (value: number | undefined): number => Number((value ?? 0).toFixed(6));

/** Whoever compares shall not know whose either is. */
const unsigned = (entry: Entry): Entry => ({ ...entry, author: null, revision: { ...entry.revision, author: null, acceptedBy: null } });

function preferenceOf(answer: ComparisonAnswer, aFirst: boolean): Preference {
  if (answer === 'tie' || answer === 'both_bad') return answer;
  return (answer === 'left') === aFirst ? 'a' : 'b';
}

import type { Reliability, ReliabilityEstimate } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { agreementOf, certain, startShares } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import type { JobContext, Jobs } from '../../jobs/jobs.ts';
import { appendEvents } from '../events/log.ts';
import { estimateReliabilityJob } from './estimate-job.ts';
import { estimateInThread } from './estimate-reviewers.ts';
import type { ReliabilityRepository } from './repository.ts';
import { noteLesson } from './skills.ts';
import { createVerdictFold } from './verdict-columns.ts';

type Parts = { db: Database; repository: ReliabilityRepository; jobs: Pick<Jobs, 'send'>; clock: () => Date };
type Remember = (tx: Transaction, body: ReliabilityEstimate) => Promise<void>;
export type ReliabilityService = ReturnType<typeof createReliabilityService>;

/** Events get their position before their transaction ends: only of those older than this is it certain that none is still to come before them. */
const settledMs = 60_000;
const everyMs = 24 * 60 * 60_000;

export function createReliabilityService({ db, repository, jobs, clock }: Parts) {
  return {
    async of(userId: string): Promise<Reliability[]> {
      return (await repository.skills(userId)).map(
        ({ dataset_slug: datasetSlug, dataset_title: datasetTitle, counts, reviews, calibration, with_others: withOthers }) => ({
          datasetSlug,
          datasetTitle,
          reviews,
          ...agreementOf(counts),
          calibration,
          withOthers,
        }),
      );
    },

    /** Throws `not_found`. */
    async ofUser(userId: string): Promise<Reliability[]> {
      if (!(await repository.userExists(userId))) throw notFound('such user');
      return this.of(userId);
    },

    /** As the last estimate found it. Throws `not_found`. */
    async agreement(slug: string) {
      return (await repository.agreement(await found(slug))) ?? { agreement: null, estimatedAt: null };
    },

    /** Throws `not_found`. */
    async crowd(slug: string) {
      const datasetId = await found(slug);
      const [reviewers, approvalShare] = await Promise.all([repository.crowd(datasetId), repository.approvalShare(datasetId)]);
      return { reviewers, approvalShare };
    },

    /** Throws `not_found`. */
    async estimates(slug: string): Promise<ReliabilityEstimate[]> {
      return repository.estimates(await found(slug));
    },

    /** Has a job estimate all reviewers of a dataset. Throws `not_found`, and `status_conflict` while one is under way. */
    async request(actorId: string | null, slug: string, remember?: Remember): Promise<ReliabilityEstimate> {
      const datasetId = await found(slug);
      const estimate = await inTransaction(db, async (tx) => {
        const made = await repository.request(tx, datasetId, actorId, clock());
        if (made === null) throw new ApiError('status_conflict', 'An estimate of this dataset is under way.');
        await remember?.(tx, made);
        return made;
      });
      await jobs.send(estimateReliabilityJob, { estimateId: estimate.id }, { key: estimate.id });
      return estimate;
    },

    /** Asks for the estimates that are due: once a day where new verdicts came. Resolves to their datasets. */
    async requestDue(): Promise<string[]> {
      const asked: string[] = [];
      for (const slug of await repository.due(new Date(clock().getTime() - everyMs))) {
        try {
          await this.request(null, slug);
          asked.push(slug);
        } catch (error) {
          // Another process was quicker.
          if (!(error instanceof ApiError && error.code === 'status_conflict')) throw error;
        }
      }
      return asked;
    },

    /** Sends again what was asked for and may have been lost with a process. */
    async resume(): Promise<void> {
      for (const { id } of await repository.queued()) await jobs.send(estimateReliabilityJob, { estimateId: id }, { key: id });
    },

    /** The job: reads the log, estimates, and puts the result in force together with the event that tells of it. */
    async run(estimateId: string, { lastTry }: Pick<JobContext, 'lastTry'>): Promise<void> {
      const task = await repository.waiting(estimateId);
      if (task === null) return;
      try {
        await estimate(estimateId, task.datasetId, task.createdById);
      } catch (error) {
        if (lastTry) await repository.fail(estimateId, error instanceof Error ? error.message : String(error), clock());
        throw error;
      }
    },
  };

  async function estimate(estimateId: string, datasetId: string, actorId: string | null): Promise<void> {
    const position = await repository.positionBefore(datasetId, new Date(clock().getTime() - settledMs));
    const fold = createVerdictFold();
    for await (const logged of repository.verdicts(datasetId, position)) fold.add(logged);
    const columns = fold.columns();
    const start = startShares(await repository.policy(datasetId));
    const estimated = await estimateInThread({ ...columns, ...(await repository.about(columns.revisions)), start });
    const now = clock();
    await inTransaction(db, async (tx) => {
      await repository.replaceSkills(tx, datasetId, estimated, now);
      // What was decided while the log was read is not in it yet.
      for (const { revision_id: revisionId, reviewer_id: reviewerId, verdict, learned } of await repository.lessonsSince(
        tx,
        datasetId,
        position,
      ))
        await noteLesson(tx, { datasetId, revisionId, lessons: [{ reviewerId, verdict, truth: learned }], now });
      for (const { revision_id: revisionId, reviewer_id: reviewerId, verdict, expected } of await repository.calibrationSince(
        tx,
        datasetId,
        position,
      ))
        await noteLesson(tx, { datasetId, revisionId, lessons: [{ reviewerId, verdict, truth: certain(expected) }], now });
      await repository.finish(tx, estimateId, position, estimated, now);
      const { approvalShare, learnedShares, model, converged, rounds, revisions, verdicts, digest, reviewers, agreement } = estimated;
      const told = {
        approvalShare,
        learnedShares,
        model,
        converged,
        rounds,
        revisions,
        verdicts,
        digest,
        reviewers: reviewers.length,
        alpha: agreement.overall.alpha,
      };
      const payload = { estimateId, eventPosition: Number(position), ...told };
      await appendEvents(tx, [{ kind: 'reliability_estimated', actorId, datasetId, payload }], now);
    });
  }

  async function found(slug: string): Promise<string> {
    return (await repository.datasetId(slug)) ?? Promise.reject(notFound('such dataset'));
  }
}

import type { Jobs } from './jobs/jobs.ts';
import { runImportJob } from './modules/imports/import-job.ts';
import { deliverWebhookJob } from './modules/publishing/delivery-job.ts';
import { updateStrengthsJob } from './modules/comparisons/strengths-job.ts';
import { aggregateRatingsJob } from './modules/ratings/aggregate-job.ts';
import { estimateReliabilityJob } from './modules/reliability/estimate-job.ts';
import { buildSnapshotJob } from './modules/snapshots/build-job.ts';
import type { Services } from './services.ts';

/** Lets this process work on every kind of job. */
export async function registerJobHandlers(jobs: Jobs, services: Services): Promise<void> {
  await jobs.work(buildSnapshotJob, async ({ snapshotId }, context) => {
    await services.buildSnapshot(snapshotId, context);
    await services.publishing.announcer.announce();
  });
  await jobs.work(deliverWebhookJob, ({ deliveryId }, context) => services.publishing.announcer.deliver(deliveryId, context));
  await services.snapshots.resumeBuilds();
  await jobs.work(runImportJob, ({ importId }, context) => services.runImport(importId, context));
  await services.imports.resumeImports();
  await jobs.work(estimateReliabilityJob, ({ estimateId }, context) => services.reliability.run(estimateId, context));
  await services.reliability.resume();
  await jobs.work(aggregateRatingsJob, ({ datasetId }) => services.ratings.aggregate(datasetId));
  await jobs.work(updateStrengthsJob, ({ instructionId }) => services.comparisons.updateStrengths(instructionId));
}

import * as z from 'zod';
import { defineJob } from '../../jobs/jobs.ts';

/** Estimates all reviewers of one dataset anew. A broken-off estimate has written nothing and begins again. */
export const estimateReliabilityJob = defineJob({
  name: 'estimate-reliability',
  payload: z.object({ estimateId: z.uuid() }),
  retryLimit: 2,
  retryDelaySeconds: 5,
  expireSeconds: 60 * 60,
});

import * as z from 'zod';
import { defineJob } from '../../jobs/jobs.ts';

/** Looks at all ratings of one dataset together. A broken-off run has written nothing and begins again. */
export const aggregateRatingsJob = defineJob({
  name: 'aggregate-ratings',
  payload: z.object({ datasetId: z.uuid() }),
  retryLimit: 2,
  retryDelaySeconds: 5,
  expireSeconds: 60 * 60,
});

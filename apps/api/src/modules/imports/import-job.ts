import * as z from 'zod';
import { defineJob } from '../../jobs/jobs.ts';

/** Brings the rows of one uploaded file into its dataset. Broken off, it goes on behind the last batch that was committed. */
export const runImportJob = defineJob({
  name: 'run-import',
  payload: z.object({ importId: z.uuid() }),
  retryLimit: 3,
  retryDelaySeconds: 2,
  expireSeconds: 12 * 60 * 60,
});

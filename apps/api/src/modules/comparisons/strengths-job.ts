import * as z from 'zod';
import { defineJob } from '../../jobs/jobs.ts';

/** Reckons the strengths of the responses to one instruction anew. A broken-off run has written nothing and begins again. */
export const updateStrengthsJob = defineJob({
  name: 'update-strengths',
  payload: z.object({ instructionId: z.uuid() }),
  retryLimit: 3,
  retryDelaySeconds: 2,
  expireSeconds: 5 * 60,
});

import * as z from 'zod';
import { defineJob } from '../../jobs/jobs.ts';

/** Builds the files of one snapshot. A build that was broken off begins again with the pairs it had pinned. */
export const buildSnapshotJob = defineJob({
  name: 'build-snapshot',
  payload: z.object({ snapshotId: z.uuid() }),
  retryLimit: 3,
  retryDelaySeconds: 2,
  expireSeconds: 6 * 60 * 60,
});

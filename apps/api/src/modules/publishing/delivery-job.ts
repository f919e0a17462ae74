import * as z from 'zod';
import { defineJob } from '../../jobs/jobs.ts';

/** One attempt to deliver one message. When it is tried again stands in the row of the delivery, not in the queue: pauses are longer than its memory. */
export const deliverWebhookJob = defineJob({
  name: 'deliver-webhook',
  payload: z.object({ deliveryId: z.uuid() }),
  retryLimit: 0,
  retryDelaySeconds: 1,
  expireSeconds: 60,
});

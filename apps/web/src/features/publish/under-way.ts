import type { Delivery } from '@granary/contract';

/** While something is being sent, how often it is looked at. */
export const lookEveryMs = 2_000;
/** Longer than an attempt may take. */
const soonMs = 3 * 60_000;

/** Whether a delivery is being sent, or is about to be: what is shown of it will soon be another. */
export function isUnderWay({ status, nextAttemptAt }: Delivery): boolean {
  return status === 'pending' && nextAttemptAt !== null && Date.parse(nextAttemptAt) < Date.now() + soonMs;
}

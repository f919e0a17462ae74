/** What a publishing plan says about when. `weekday`: 1 is Monday, 7 is Sunday; `hour`: UTC. */
export type PlanTimes = { mode: 'manual' | 'weekly' | 'approvals'; weekday: number; hour: number };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The first such hour of such a weekday after `now`. */
export function nextWeekly({ weekday, hour }: Pick<PlanTimes, 'weekday' | 'hour'>, now: Date): Date {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const days = (weekday - now.getUTCDay() + 7) % 7;
  const time = midnight + days * dayMs + hour * hourMs;
  return new Date(time > now.getTime() ? time : time + 7 * dayMs);
}

/** How often approvals are counted, and how soon after a snapshot the next may follow: a burst of approvals is one release. */
const countEveryMs = 5 * 60_000;
const pauseMs = hourMs;
/** How soon a plan is tried again that found another build under way. */
const againMs = 10 * 60_000;

/**
 * When a plan is looked at again after it was due: `requested` a snapshot, was `blocked` by a build that runs, or had `nothing` to do.
 * Null for a plan by hand.
 */
export function nextLook(plan: PlanTimes, came: 'requested' | 'blocked' | 'nothing', now: Date): Date | null {
  if (plan.mode === 'manual') return null;
  if (came === 'blocked') return new Date(now.getTime() + againMs);
  if (plan.mode === 'weekly') return nextWeekly(plan, now);
  return new Date(now.getTime() + (came === 'requested' ? pauseMs : countEveryMs));
}

const secondMs = 1_000;
const minuteMs = 60_000;
/** Pauses after the first, second, … failed attempt to deliver a webhook: about 29 hours in all. */
const deliveryPausesMs = [10 * secondMs, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs, 8 * hourMs, 12 * hourMs];

/** When a delivery is tried again after so many failed attempts; null when that was enough. */
export function nextDeliveryAttempt(attempts: number, now: Date): Date | null {
  const pause = deliveryPausesMs[attempts - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause);
}

/** How long links sent by mail or handed over by an admin work. */
export const resetLinkHours = 24;
/** How long a request waits for an admin. */
export const resetRequestHours = 7 * 24;

export function linkHours(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * 3_600_000);
}

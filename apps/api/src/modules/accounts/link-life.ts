/** How long links sent by mail or handed over by an admin work. */
export const resetLinkHours = 24;
/** How long a request waits for an admin. */
export const resetRequestHours = 7 * 24;

export function linkHours(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * 3_600_000);
}

/** The address of a one-time link. Browsers keep what stands behind # to themselves: the token is in no request line, and so in no proxy's log. */
export const linkTo = (page: string, token: string): string => `${page}#token=${token}`;

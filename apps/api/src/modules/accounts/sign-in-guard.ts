import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../errors.ts';
import type { DelayRule, SignInFailureRepository } from './sign-in-failure-repository.ts';

/** Four tries are free, the fifth costs 5 seconds, then 10, 20, … up to a quarter of an hour: about a hundred guesses a day. */
const delays: DelayRule = { freeTries: 5, firstSeconds: 5, maxSeconds: 900, memoryHours: 24 };

export type SignInGuard = ReturnType<typeof createSignInGuard>;
type Parts = { failures: SignInFailureRepository; secret: () => Promise<string>; clock: () => Date };

/**
 * Slows down whoever guesses the password of one account from however many addresses. Its owner is never locked out: browsers
 * that signed in before carry a device cookie and are counted apart from everybody else, and a reset link ends all waiting.
 * Unknown e-mail addresses are treated alike.
 */
export function createSignInGuard({ failures, secret, clock }: Parts) {
  const sign = async (purpose: string, text: string) =>
    createHmac('sha256', await secret())
      .update(`${purpose}\n${text}`)
      .digest();
  const keyOf = async (email: string) => (await sign('account', email.toLowerCase())).toString('base64url').slice(0, 24);

  return {
    /** A short name of the account for the log, from which nobody gets the address back. */
    nameOf: async (email: string): Promise<string> => (await keyOf(email)).slice(0, 10),

    /**
     * Lets one try of a password through, counted as failed until `succeeded`. `device` is what is known of the browser: its verified
     * device id or session. Throws `rate_limited` with Retry-After.
     */
    async admit(email: string, device: string | null): Promise<{ succeeded: () => Promise<void> }> {
      const account = await keyOf(email);
      const key = device === null ? account : `${account}:${device}`;
      if (!(await failures.count(key, clock(), delays))) throw tooManyTries(await failures.secondsLeft(key, clock()), device !== null);
      return { succeeded: () => failures.forget([key]) };
    },

    /** Ends all waiting of strangers for an account whose owner has proved to be it. */
    async forgive(email: string): Promise<void> {
      await failures.forget([await keyOf(email)]);
    },

    /** The value of a device cookie for a browser in which the account has just signed in. */
    async newDevice(userId: string): Promise<string> {
      const id = randomBytes(12).toString('base64url');
      return `${id}.${(await sign('device', `${userId}\n${id}`)).toString('base64url')}`;
    },

    /** The device id in a cookie that this account was given; null for any other. */
    async deviceOf(userId: string | undefined, cookie: string | undefined): Promise<string | null> {
      const [, id, mac] = /^([\w-]{16})\.([\w-]{43})$/.exec(cookie ?? '') ?? [];
      const expected = await sign('device', `${userId ?? ''}\n${id ?? ''}`);
      const given = Buffer.from(mac ?? '', 'base64url');
      return id !== undefined && userId !== undefined && given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
    },
  };
}

function tooManyTries(secondsLeft: number, known: boolean): ApiError {
  const seconds = Math.max(1, secondsLeft);
  const elsewhere = known ? '' : ' A browser that you have signed in with before need not wait.';
  return new ApiError(
    'rate_limited',
    `Too many wrong passwords for this account. Try again in ${seconds} seconds, or choose a new password with “Forgot your password?”.${elsewhere}`,
    { headers: { 'retry-after': String(seconds) }, data: { retryAfterSeconds: seconds, reason: 'sign_in_delay' } },
  );
}

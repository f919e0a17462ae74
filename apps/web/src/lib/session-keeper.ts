/** Keeps the session alive: renews it when it is due, and asks for a sign-in when it cannot be renewed. */
export type SessionKeeper = {
  /** Renews a session that is about to run out; public endpoints would otherwise answer as to a stranger. */
  renewIfDue(): Promise<void>;
  /** Renews at once; false when the session is over. All who ask at the same time share one request. */
  renew(): Promise<boolean>;
  /** Resolves to true once the person has signed in again, to false when they decline. */
  askToSignIn(): Promise<boolean>;
  /** Call after signing in: from now on there is a session to keep. */
  began(): void;
  /** Call after signing out, or when nobody turns out to be signed in. */
  ended(): void;
  /** Whether this browser had a session when last seen. */
  hasHad(): boolean;
};

type Renewal = { status: 'renewed'; expiresAt: string } | { status: 'over' } | { status: 'unreachable' };
export type SessionKeeperParts = {
  /** One POST to the refresh endpoint. */
  requestRenewal: () => Promise<Renewal>;
  storage: { get(key: string): string | null; set(key: string, value: string | null): void };
  /** Runs one at a time among all tabs of this browser. */
  exclusively: <T>(run: () => Promise<T>) => Promise<T>;
  askToSignIn: () => Promise<boolean>;
  now: () => number;
};

const key = 'granary.session-until';
const marginMs = 20_000;
/** Shorter than any access token lives: the true end is learned at the first renewal. */
const assumedLifeMs = 4 * 60_000;

/**
 * A refresh token works once, and its second use ends the session everywhere. So one tab renews at a time, and a tab that
 * had to wait looks first whether the other one has done it already.
 */
export function createSessionKeeper({ requestRenewal, storage, exclusively, askToSignIn, now }: SessionKeeperParts): SessionKeeper {
  let renewing: Promise<boolean> | null = null;
  let asking: Promise<boolean> | null = null;
  const until = () => Number(storage.get(key) ?? 0);

  async function renewOnce(seen: number): Promise<boolean> {
    return exclusively(async () => {
      if (until() !== seen && until() > now() + marginMs) return true;
      const renewal = await requestRenewal();
      if (renewal.status === 'renewed') storage.set(key, String(Date.parse(renewal.expiresAt)));
      if (renewal.status === 'over') storage.set(key, null);
      return renewal.status === 'renewed';
    });
  }
  function renew(): Promise<boolean> {
    renewing ??= renewOnce(until()).finally(() => {
      renewing = null;
    });
    return renewing;
  }
  return {
    renew,
    async renewIfDue() {
      if (storage.get(key) !== null && until() < now() + marginMs) await renew();
    },
    askToSignIn() {
      asking ??= askToSignIn().finally(() => {
        asking = null;
      });
      return asking;
    },
    began: () => storage.set(key, String(now() + assumedLifeMs)),
    ended: () => storage.set(key, null),
    hasHad: () => storage.get(key) !== null,
  };
}

import { createApiClient } from './api-client.ts';
import { browserStorage } from './browser-storage.ts';
import { createStore } from './create-store.ts';
import { endpoints } from './endpoints.ts';
import { createSessionKeeper, type SessionKeeperParts } from './session-keeper.ts';

/** While not null, the shell shows the dialog that asks to sign in again and answers through it. */
export const signInAgain = createStore<{ answer: (signedIn: boolean) => void } | null>(null);

const requestRenewal: SessionKeeperParts['requestRenewal'] = async () => {
  try {
    const response = await fetch(endpoints.accounts.refresh.path, {
      method: endpoints.accounts.refresh.method,
      credentials: 'same-origin',
    });
    if (response.ok) return { status: 'renewed', expiresAt: ((await response.json()) as { expiresAt: string }).expiresAt };
    return { status: response.status === 401 || response.status === 403 ? 'over' : 'unreachable' };
  } catch {
    return { status: 'unreachable' };
  }
};

export const sessionKeeper = createSessionKeeper({
  requestRenewal,
  storage: browserStorage,
  // Web Locks need a secure context; without them a tab at least waits for itself.
  exclusively: (run) => ('locks' in navigator ? navigator.locks.request('granary-session', run) : run()),
  askToSignIn: () =>
    new Promise<boolean>((resolve) => {
      signInAgain.set({
        answer(signedIn) {
          signInAgain.set(null);
          resolve(signedIn);
        },
      });
    }),
  now: Date.now,
});

/** Calls an endpoint of the contract: `await callApi(endpoints.entries.get, { params: { id } })`. See `createApiClient` for its errors. */
export const callApi = createApiClient((input, init) => fetch(input, init), sessionKeeper);
export { endpoints };
export { NetworkError, isApiError } from './api-error.ts';
export { apiUrl, newIdempotencyKey } from './api-client.ts';

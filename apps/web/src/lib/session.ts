import { useQuery, useQueryClient, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Access, Me, Role } from '@granary/contract';
import { can, roleAtLeast } from '@granary/domain';
import { callApi, endpoints, sessionKeeper } from './api.ts';
import { apiQueryKey } from './api-query.ts';

/** Who is signed in, and what the deployment offers. */
export const sessionQuery = queryOptions({
  queryKey: apiQueryKey(endpoints.accounts.session),
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const session = await callApi(endpoints.accounts.session, { signal });
    if (session.user === null) sessionKeeper.ended();
    else if (!sessionKeeper.hasHad()) sessionKeeper.began();
    return session;
  },
});

export type SessionView = {
  user: Me | null;
  /** Why it is not known whether somebody is signed in, and the way to ask again. */
  error: Error | null;
  retry: () => void;
  /** True until it is known whether somebody is signed in. */
  loading: boolean;
  mailConfigured: boolean;
  setupNeeded: boolean;
  /** Whether the person may call endpoints with this permission (the server has the last word). */
  can: (access: Access) => boolean;
  /** Whether the person has at least this role. */
  atLeast: (role: Role) => boolean;
};

export function useSession(): SessionView {
  const { data, isPending, error, refetch } = useQuery(sessionQuery);
  const user = data?.user ?? null;
  const actor = user === null ? null : { id: user.id, role: user.role, scopes: null };
  return {
    user,
    error,
    retry: () => void refetch(),
    loading: isPending,
    mailConfigured: data?.mailConfigured ?? false,
    setupNeeded: data?.setupNeeded ?? false,
    can: (access) => can(actor, access).allowed,
    atLeast: (role) => user !== null && roleAtLeast(user.role, role),
  };
}

/** Call with the answer of sign-in, sign-up, set-up or reset: the page then belongs to that person. */
export async function sessionBegan(client: QueryClient, user: Me): Promise<void> {
  sessionRenewed(client, user);
  await client.invalidateQueries();
}

/** The same person signed in again over a page that is in use: nothing on it is loaded anew. */
export function sessionRenewed(client: QueryClient, user: Me): void {
  sessionKeeper.began();
  client.setQueryData(sessionQuery.queryKey, (known) => ({ mailConfigured: known?.mailConfigured ?? false, setupNeeded: false, user }));
}

/** Ends the session here and forgets everything that was loaded for it. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await callApi(endpoints.accounts.signOut);
    sessionKeeper.ended();
    client.setQueryData(sessionQuery.queryKey, (known) => known && { ...known, user: null });
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
    await client.invalidateQueries();
  };
}

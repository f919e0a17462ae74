import { infiniteQueryOptions, queryOptions, QueryClient } from '@tanstack/react-query';
import type { Endpoint, EndpointOutput } from '@granary/contract';
import type { CallArguments, CallInput } from './api-client.ts';
import { callApi } from './api.ts';
import { ApiError } from './api-error.ts';
import type { EndpointRef } from './endpoints.ts';

/** Lists read by cursor; anything else does not fit. */
type PagedOnly<T extends Endpoint> = EndpointOutput<T> extends { nextCursor: string | null } ? unknown : never;
type LooseInput = { params?: unknown; query?: Record<string, unknown> };

/** `useQuery(apiQuery(endpoints.datasets.get, { params: { slug } }))`. The key is `apiQueryKey(endpoint, input)`. */
export function apiQuery<T extends Endpoint>(endpoint: EndpointRef<T>, ...[input]: CallArguments<T>) {
  return queryOptions<EndpointOutput<T>>({
    queryKey: apiQueryKey(endpoint, input as LooseInput | undefined),
    queryFn: ({ signal }) => callApi(endpoint, ...([{ ...input, signal }] as unknown as CallArguments<T>)),
  });
}

/** Pages of a list by its opaque cursor: `useInfiniteQuery(apiPages(endpoints.pairs.list, { query }))`, then `flatPages(data)`. */
export function apiPages<T extends Endpoint>(endpoint: EndpointRef<T> & PagedOnly<T>, ...[input]: CallArguments<T>) {
  const given = (input ?? {}) as LooseInput;
  return infiniteQueryOptions({
    queryKey: [...apiQueryKey(endpoint, given), 'pages'],
    initialPageParam: null as string | null,
    queryFn: async ({ signal, pageParam }) => {
      const query = pageParam === null ? given.query : { ...given.query, cursor: pageParam };
      return (await callApi(
        endpoint,
        ...([{ ...given, query, signal } as unknown as CallInput<T>] as CallArguments<T>),
      )) as EndpointOutput<T>;
    },
    getNextPageParam: (last) => (last as unknown as { nextCursor: string | null }).nextCursor,
  });
}

/** The rows of all pages that have arrived. */
export function flatPages<T>(data: { pages: { items: T[] }[] } | undefined): T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/**
 * Path first, so that `invalidateQueries({ queryKey: apiQueryKey(endpoints.entries.get) })` reaches every query of the
 * endpoint, and with `input` exactly one.
 */
export function apiQueryKey(endpoint: EndpointRef, input?: { params?: unknown; query?: unknown }): unknown[] {
  const key: unknown[] = [endpoint.path];
  if (input?.params !== undefined || input?.query !== undefined) key.push(input.params ?? null, input.query ?? null);
  return key;
}

/** Defaults of all queries: refusals are final, a lost connection is tried again twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < 2,
        // Left to the browser's own judgement of its network a page on a local server would wait for ever.
        networkMode: 'always',
        refetchOnReconnect: true,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

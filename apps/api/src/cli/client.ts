import { endpointPath, problemSchema } from '@granary/contract';
import type { Endpoint, EndpointInput, EndpointOutput } from '@granary/contract';
import { NotReachableError, RefusedError } from './errors.ts';

type Needed<K extends string, V> = undefined extends V ? { [P in K]?: V } : { [P in K]: V };
type Parts<T extends Endpoint> = Needed<'params', EndpointInput<T>['params']> &
  Needed<'query', EndpointInput<T>['query']> &
  Needed<'body', T['kind'] extends 'upload' ? Blob : EndpointInput<T>['body']>;
type LooseParts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };
export type Client = ReturnType<typeof createClient>;

/** Calls a server as the contract describes it. Throws RefusedError with the server's own words, and NotReachableError. */
export function createClient(server: string, token: string | undefined) {
  async function send(endpoint: Endpoint, { params = {}, query = {}, body }: LooseParts): Promise<Response> {
    const path = endpointPath(endpoint.path, params);
    const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
    const response = await fetchOrExplain(server + path + (search === '' ? '' : `?${search}`), {
      method: endpoint.method,
      headers: {
        accept: endpoint.kind === 'events' ? 'text/event-stream' : '*/*',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(endpoint.kind === 'json' && endpoint.method !== 'GET' ? { 'idempotency-key': crypto.randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': body instanceof Blob ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async function fetchOrExplain(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      const reason = (error as { cause?: { message?: string; code?: string } }).cause;
      throw new NotReachableError(
        `No server answers at ${server} (${reason?.code ?? reason?.message ?? 'network error'}). Is it running? --server names another.`,
        {
          cause: error,
        },
      );
    }
  }

  return {
    server,
    /** The answer, checked against the contract. */
    async call<T extends Endpoint>(endpoint: T, parts: Parts<T>): Promise<EndpointOutput<T>> {
      const response = await send(endpoint, parts as LooseParts);
      return endpoint.response?.parse(await response.json()) as EndpointOutput<T>;
    },
    /** The answer as it comes, for files. */
    open<T extends Endpoint>(endpoint: T, parts: Parts<T>): Promise<Response> {
      return send(endpoint, parts as LooseParts);
    },
    /** A file of the server by its path, from byte `from` to before byte `to`; a server that cannot do that answers with the whole (200, not 206). */
    async openPath(path: string, { from = 0, to }: { from?: number; to?: number } = {}): Promise<Response> {
      const init = from === 0 && to === undefined ? {} : { headers: { range: `bytes=${from}-${to === undefined ? '' : to - 1}` } };
      const response = await fetchOrExplain(new URL(path, `${server}/`).href, init);
      if (!response.ok) throw await refusal(response);
      return response;
    },
    /** Server-sent events until the server ends them or the connection breaks. */
    async *events<T extends Endpoint>(endpoint: T, parts: Parts<T>): AsyncGenerator<EndpointOutput<T>> {
      const response = await send(endpoint, parts as LooseParts);
      let waiting = '';
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (waiting + chunk).split('\n\n');
        waiting = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = block.split('\n').find((line) => line.startsWith('data: '));
          if (data !== undefined) yield endpoint.response?.parse(JSON.parse(data.slice('data: '.length))) as EndpointOutput<T>;
        }
      }
    },
  };
}

async function refusal(response: Response): Promise<RefusedError> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return new RefusedError(`The server answered ${response.status} ${response.statusText}.`);
  const { title, detail, code } = parsed.data;
  const hint = code === 'not_signed_in' ? ' Give a personal access token with --token or GRANARY_TOKEN.' : '';
  return new RefusedError(`${title}${detail === undefined ? '.' : `: ${detail}`}${hint}`, parsed.data);
}

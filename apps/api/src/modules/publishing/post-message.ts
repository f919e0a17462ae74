import { lookup as resolveName } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { bareHost, defaultWebhookPorts, isPublicAddress, isTrusted, refuseUrl } from './public-address.ts';

export type Message = { url: string; body: string; headers: Record<string, string> };
/** `httpStatus` is null where no answer came; `error` says why a delivery did not succeed. */
export type PostResult = { httpStatus: number | null; error: string | null };
export type PostMessage = (message: Message, signal: AbortSignal) => Promise<PostResult>;
type Resolve = (host: string) => Promise<LookupAddress[]>;

const timeoutMs = 15_000;
/** Headers of an answer; its body is not read at all. */
const answerHeaderBytes = 16 * 1024;

const resolveAll: Resolve = (host) => resolveName(host, { all: true, verbatim: true });

/**
 * Makes the function that posts a webhook's message to an address which somebody gave. Every address of the name must be of the public
 * internet, and the connection goes to one of those that were checked, so that a name cannot turn to another address in between. Redirects are
 * answers like any other, and what is answered is not read. `trusted`, `ports`: see `refuseUrl`. Never throws.
 */
export function createPostMessage({
  trusted,
  ports = defaultWebhookPorts,
  resolve = resolveAll,
}: {
  trusted: readonly string[];
  ports?: readonly number[];
  resolve?: Resolve;
}): PostMessage {
  return async ({ url: text, body, headers }, signal) => {
    const refused = refuseUrl(text, trusted, ports);
    if (refused !== null) return { httpStatus: null, error: refused };
    const url = new URL(text);
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const address = await settleAddress(url);
      const httpStatus = await post(url, address, { body, headers, signal: within });
      const fine = httpStatus >= 200 && httpStatus < 300;
      return { httpStatus, error: fine ? null : explain(httpStatus) };
    } catch (error) {
      return {
        httpStatus: null,
        error: within.aborted && !signal.aborted ? `No answer within ${timeoutMs / 1000} seconds.` : reasonOf(error),
      };
    }
  };

  async function settleAddress(url: URL): Promise<LookupAddress> {
    const host = bareHost(url);
    const family = isIP(host);
    const found = family === 0 ? await resolve(host) : [{ address: host, family }];
    const [first] = found;
    if (first === undefined) throw new Error(`${host} has no address.`);
    if (!isTrusted(url, trusted) && !found.every(({ address }) => isPublicAddress(address)))
      throw new Error(`${host} leads into a private network, which is not called.`);
    return first;
  }
}

function post(
  url: URL,
  { address, family }: LookupAddress,
  { body, headers, signal }: { body: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    signal,
    // A connection of its own: one that is kept might be to an address that was checked for another name.
    agent: false,
    maxHeaderSize: answerHeaderBytes,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'granary-webhooks',
      ...headers,
    },
    lookup: (_host, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      response.on('error', () => {});
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function explain(status: number): string {
  if (status === 410) return 'The receiver answered 410: it wants to be told nothing more.';
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}: redirects are not followed. Give the address that it leads to.`;
  return `The receiver answered ${status}; 2xx would have been right.`;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined || message.includes(code) ? message : `${code}: ${message}`).slice(0, 300);
}

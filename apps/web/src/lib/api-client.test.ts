import { endpoints, type Endpoint, type Problem } from '@granary/contract';
import { describe, expect, it, vi } from 'vitest';
import { apiUrl, createApiClient, newIdempotencyKey } from './api-client.ts';
import { ApiError, NetworkError } from './api-error.ts';
import type { EndpointRef } from './endpoints.ts';
import type { SessionKeeper } from './session-keeper.ts';

function ref<T extends Endpoint>(endpoint: T): EndpointRef<T> {
  return { method: endpoint.method, path: endpoint.path };
}
const mine = ref(endpoints.accounts.sessions);
const answer = (status: number, body: unknown) => () =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const refuse = (status: number, code: Problem['code'], more: Partial<Problem> = {}) =>
  answer(status, { type: '', title: code, status, code, ...more });
const expired = refuse(401, 'session_expired');

/** A client over a list of answers, given in turn; the last one for ever. */
function clientWith(answers: (() => Response)[], given: Partial<SessionKeeper> = {}) {
  const requests: { url: string; init: RequestInit }[] = [];
  const session: SessionKeeper = {
    renewIfDue: async () => {},
    renew: vi.fn(async () => true),
    askToSignIn: vi.fn(async () => false),
    began() {},
    ended() {},
    hasHad: () => true,
    ...given,
  };
  const fetchFunction: typeof fetch = async (url, init) => {
    requests.push({ url: String(url), init: init ?? {} });
    const next = answers[Math.min(requests.length, answers.length) - 1];
    if (!next) throw new TypeError('fetch failed');
    return next();
  };
  return { call: createApiClient(fetchFunction, session), requests, session };
}

describe('calling the API', () => {
  it('answers with the body', async () => {
    const { call } = clientWith([answer(200, { items: [] })]);
    expect(await call(mine)).toEqual({ items: [] });
  });

  it('renews a session that ran out and repeats the call, with the same body and key', async () => {
    const { call, requests, session } = clientWith([expired, answer(200, { id: '1' })]);
    const body = { displayName: 'Wheatear' };
    await call(ref(endpoints.accounts.updateMe), { body, idempotencyKey: 'key-0001' });
    expect(session.renew).toHaveBeenCalledTimes(1);
    expect(requests).toHaveLength(2);
    expect(requests[1]).toEqual(requests[0]);
  });

  it('lets a request outlive the page where that is asked for, its repetition included, and nowhere else', async () => {
    const { call, requests } = clientWith([expired, answer(200, { id: '1' })]);
    await call(ref(endpoints.accounts.updateMe), { body: { displayName: 'Wheatear' }, keepalive: true });
    await call(mine);
    expect(requests.map(({ init }) => init.keepalive ?? false)).toEqual([true, true, false]);
  });

  it('asks to sign in when it cannot be renewed, and then goes on', async () => {
    const { call, requests } = clientWith([expired, answer(200, { items: [1] })], {
      renew: async () => false,
      askToSignIn: async () => true,
    });
    expect(await call(mine)).toEqual({ items: [1] });
    expect(requests).toHaveLength(2);
  });

  it('gives the refusal when the person declines, and when nobody may be asked', async () => {
    const declined = clientWith([expired], { renew: async () => false });
    await expect(declined.call(mine)).rejects.toMatchObject({ code: 'session_expired' });
    expect(declined.session.askToSignIn).toHaveBeenCalledTimes(1);
    const background = clientWith([expired], { renew: async () => false });
    await expect(background.call(mine, { whenSessionLost: 'throw' })).rejects.toBeInstanceOf(ApiError);
    expect(background.session.askToSignIn).not.toHaveBeenCalled();
  });

  it('does not take a wrong password for a lost session', async () => {
    const { call, session } = clientWith([refuse(401, 'credentials_wrong')]);
    await expect(call(ref(endpoints.accounts.signIn), { body: { email: 'a@b.c', password: 'x' } })).rejects.toMatchObject({
      code: 'credentials_wrong',
    });
    expect(session.renew).not.toHaveBeenCalled();
  });

  it('tells no answer from a refusal, and understands a proxy', async () => {
    await expect(clientWith([]).call(mine)).rejects.toBeInstanceOf(NetworkError);
    const proxy = clientWith([() => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' })]);
    await expect(proxy.call(mine)).rejects.toMatchObject({ code: 'not_ready', status: 502 });
  });

  it('names the fields that are wrong', async () => {
    const errors = [
      { path: '/body/context/url', message: 'Use a full address' },
      { path: 'context.url', message: 'second' },
      { path: 'body.text', message: 'Too short' },
    ];
    const { call } = clientWith([refuse(400, 'validation_failed', { errors })]);
    const error = await call(mine).catch((thrown: unknown) => thrown);
    expect((error as ApiError).fieldErrors).toEqual({ 'context.url': 'Use a full address', text: 'Too short' });
  });

  it('sends If-Match as an entity tag and files as they are', async () => {
    const { call, requests } = clientWith([answer(200, {})]);
    const file = new Blob(['x']);
    const upload: EndpointRef = { method: 'POST', path: '/api/v1/x' };
    await call(upload, { body: file, ifMatch: 3 } as never);
    expect(requests[0]?.init.body).toBe(file);
    expect(requests[0]?.init.headers).toMatchObject({ 'if-match': '"3"', 'content-type': 'application/octet-stream' });
  });
});

describe('addresses', () => {
  it('fills in and encodes parameters, repeats lists and leaves out what is empty', () => {
    const endpoint: EndpointRef = { method: 'GET', path: '/api/v1/datasets/:slug/files/:name' };
    const input = { params: { slug: 'a/b', name: 'ü.gz' }, query: { q: 'x y', category: ['a', 'b'], cursor: undefined, empty: '' } };
    expect(apiUrl(endpoint, input as never)).toBe('/api/v1/datasets/a%2Fb/files/%C3%BC.gz?q=x+y&category=a&category=b');
  });

  it('makes a new idempotency key every time', () => {
    expect(newIdempotencyKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
  });
});

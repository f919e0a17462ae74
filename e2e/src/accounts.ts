import { expect, type APIRequest, type APIRequestContext } from '@playwright/test';
import type { GranaryServer } from './granary-server.ts';
import { patienceMs } from './patience.ts';
import { noteAddress } from './trail.ts';

/** Anybody who acts through the API: an account, or somebody in a browser. */
export type Actor = { context: { request: APIRequestContext } };
/** Somebody who is signed in. */
export type Account = Actor & { id: string; displayName: string; email: string; password: string };
export type Role = 'reviewer' | 'moderator';
export type Accounts = Awaited<ReturnType<typeof createAccounts>>;

const password = 'a long sentence is a good password';
/** The token in the cookie is good for ten minutes; a journey that begins with it has this long to go on. */
const signInAgainAfterMs = 4 * 60_000;
let people = 0;

/** The accounts of a new server: makes its admin and others, and keeps those signed in that several journeys share. */
export async function createAccounts(api: APIRequest, server: GranaryServer) {
  const signedInAt = new Map<Account, number>();
  const openRequest = () => api.newContext({ baseURL: server.url, timeout: patienceMs });

  /** Signs somebody new up; with a role, the admin gives it. They act with `request` when that is given. */
  async function signUp(name: string, { role, request }: { role?: Role; request?: APIRequestContext } = {}): Promise<Account> {
    people += 1;
    const credentials = { email: `person${process.pid}-${people}@example.org`, password, displayName: `${name} ${people}` };
    const own = request ?? (await openRequest());
    const { id } = await post(own, '/api/v1/auth/sign-up', { ...credentials, languages: ['en'] });
    if (role !== undefined) await giveRole(id, role);
    return { id, ...credentials, context: { request: own } };
  }

  async function giveRole(id: string, role: Role): Promise<void> {
    await keepSignedIn(admin);
    const given = await admin.context.request.put(`/api/v1/users/${id}/role`, { data: { role, reason: 'Needed for a journey' } });
    expect(given.status(), await given.text()).toBe(200);
  }

  /** Signs somebody new up whom several journeys share. */
  async function share(name: string, role?: Role): Promise<Account> {
    const account = await signUp(name, { role });
    signedInAt.set(account, Date.now());
    return account;
  }

  /** Signs a shared account in again when its session would not last for another journey. */
  async function keepSignedIn(account: Account): Promise<void> {
    if (Date.now() - (signedInAt.get(account) ?? 0) < signInAgainAfterMs) return;
    await post(account.context.request, '/api/v1/auth/sign-in', { email: account.email, password: account.password });
    signedInAt.set(account, Date.now());
  }

  const admin = await setUp(await openRequest(), server.setupLink);
  signedInAt.set(admin, Date.now());
  return { admin, signUp, share, keepSignedIn };
}

/** Makes the first admin through the server's one-time link. */
async function setUp(request: APIRequestContext, setupLink: string): Promise<Account> {
  const token = new URLSearchParams(new URL(setupLink).hash.slice(1)).get('token');
  const credentials = { email: 'admin@example.org', password, displayName: 'The admin' };
  const { id } = await post(request, '/api/v1/setup', { token, ...credentials });
  return { id, ...credentials, context: { request } };
}

async function post(request: APIRequestContext, path: string, data: object): Promise<{ id: string }> {
  noteAddress(path);
  const reply = await request.post(path, { data });
  expect(reply.ok(), `${path} answered ${reply.status()}: ${await reply.text()}`).toBe(true);
  return (await reply.json()) as { id: string };
}

import { endpoints } from '@granary/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../errors.ts';
import { readCookie, setCookie } from '../../http/cookies.ts';
import { publicOrigin } from '../../http/origin.ts';
import { registerRoute } from '../../http/route.ts';
import type { AccountsService } from './service.ts';
import type { OpenSession } from './session-service.ts';
import { clearSessionCookies, setSessionCookies } from './session-cookies.ts';

const { accounts: e } = endpoints;

export function accountRoutes(app: FastifyInstance, { accounts }: { accounts: AccountsService }): void {
  signingRoutes(app, accounts);
  linkRoutes(app, accounts);
  ownAccountRoutes(app, accounts);
  sessionAndTokenRoutes(app, accounts);
  adminRoutes(app, accounts);
}

/** Coming and going. */
function signingRoutes(app: FastifyInstance, accounts: AccountsService): void {
  registerRoute(app, e.session, async ({ actor, request, reply }) => {
    // A cookie whose session was ended elsewhere is of no more use.
    if (actor === null && readCookie(request, 'access') !== undefined) clearSessionCookies(request, reply);
    return {
      user: actor === null ? null : await accounts.me(actor.id),
      mailConfigured: accounts.mailConfigured,
      setupNeeded: await accounts.setupNeeded(),
    };
  });
  registerRoute(
    app,
    e.setup,
    async ({ body, request, reply }) => {
      const { me, session } = await accounts.setup(body, request.headers['user-agent']);
      await begin(accounts, request, reply, { userId: me.id, session });
      return me;
    },
    forEveryone,
  );
  registerRoute(
    app,
    e.signUp,
    async ({ body, request, reply }) => {
      const { me, session, mailing } = await accounts.signUp(body, visit(request));
      inBackground(request, mailing);
      await begin(accounts, request, reply, { userId: me.id, session });
      return me;
    },
    forEveryone,
  );
  registerRoute(
    app,
    e.signIn,
    async ({ body, request, reply }) => {
      const { me, session } = await noteFailure(accounts, request, body.email, accounts.signIn(body, visit(request)));
      await begin(accounts, request, reply, { userId: me.id, session });
      return me;
    },
    forEveryone,
  );
  registerRoute(
    app,
    e.refresh,
    async ({ request, reply }) => {
      try {
        const session = await accounts.sessions.refresh(readCookie(request, 'refresh'));
        setSessionCookies(request, reply, session);
        return { expiresAt: session.expiresAt.toISOString() };
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) clearSessionCookies(request, reply);
        throw error;
      }
    },
    forEveryone,
  );
  registerRoute(app, e.signOut, async ({ actor, request, reply }) => {
    await accounts.sessions.signOut(actor?.sessionId ?? null, readCookie(request, 'refresh'));
    clearSessionCookies(request, reply);
  });
  registerRoute(app, e.signOutEverywhere, async ({ actor, request, reply }) => {
    await accounts.sessions.signOutEverywhere(actor.id);
    clearSessionCookies(request, reply);
  });
}

/** What a link in a mail, or handed over by an admin, leads to. */
function linkRoutes(app: FastifyInstance, accounts: AccountsService): void {
  registerRoute(
    app,
    e.requestPasswordReset,
    async ({ body, request }) => {
      const { delivery, mailing } = await accounts.passwordResets.request(body.email, publicOrigin(request));
      inBackground(request, mailing);
      return { delivery };
    },
    forEveryone,
  );
  registerRoute(
    app,
    e.completePasswordReset,
    async ({ body, request, reply }) => {
      const { me, session } = await accounts.passwordResets.complete(body, visit(request));
      await begin(accounts, request, reply, { userId: me.id, session });
      return me;
    },
    forEveryone,
  );
  registerRoute(
    app,
    e.confirmEmail,
    async ({ body, request }) => {
      const { email, mailing } = await accounts.confirmations.confirm(body.token);
      inBackground(request, mailing);
      return { email };
    },
    forEveryone,
  );
}

function ownAccountRoutes(app: FastifyInstance, accounts: AccountsService): void {
  registerRoute(app, e.updateMe, ({ actor, body }) => accounts.updateMe(actor.id, body));
  registerRoute(app, e.changePassword, ({ actor, body, request }) =>
    confirmed(request, actor.id, accounts.changePassword(actor.id, actor.sessionId, body)),
  );
  registerRoute(app, e.changeEmail, ({ actor, body, request }) =>
    confirmed(request, actor.id, accounts.changeEmail(actor.id, actor.sessionId, body, publicOrigin(request))),
  );
}

function sessionAndTokenRoutes(app: FastifyInstance, accounts: AccountsService): void {
  registerRoute(app, e.sessions, ({ actor }) => accounts.sessions.list(actor.id, actor.sessionId));
  registerRoute(app, e.endSession, async ({ actor, params, request, reply }) => {
    await accounts.sessions.end(actor.id, params.id);
    if (params.id === actor.sessionId) clearSessionCookies(request, reply);
  });
  registerRoute(app, e.accessTokens, ({ actor }) => accounts.accessTokens.list(actor.id));
  registerRoute(app, e.createAccessToken, ({ actor, body, request }) =>
    confirmed(request, actor.id, accounts.accessTokens.create(actor, body)),
  );
  registerRoute(app, e.revokeAccessToken, ({ actor, params }) => accounts.accessTokens.revoke(actor.id, params.id));
}

function adminRoutes(app: FastifyInstance, accounts: AccountsService): void {
  registerRoute(app, e.passwordResetRequests, ({ query }) => accounts.passwordResets.list(query));
  registerRoute(app, e.issuePasswordResetLink, ({ params, request }) =>
    accounts.passwordResets.issueLink(params.id, publicOrigin(request)),
  );
}

/** These endpoints begin a session: whatever credentials come along do not matter. */
const forEveryone = { ignoreCredentials: true };

const visit = (request: FastifyRequest) => ({
  userAgent: request.headers['user-agent'],
  origin: publicOrigin(request),
  device: readCookie(request, 'device'),
});

/** How long an account knows a browser that it does not sign in with. */
const deviceSeconds = 365 * 86_400;

/** Puts a new session into the browser in place of the one it had, and what the account knows the browser by. */
async function begin(
  accounts: AccountsService,
  request: FastifyRequest,
  reply: FastifyReply,
  { userId, session }: { userId: string; session: OpenSession },
): Promise<void> {
  // Nobody could end a session whose cookies are overwritten but its owner, from the list.
  await accounts.sessions.signOut(null, readCookie(request, 'refresh'));
  setSessionCookies(request, reply, session);
  const device = await accounts.deviceCookie(userId, readCookie(request, 'device'));
  if (device !== null) setCookie(request, reply, 'device', device, deviceSeconds);
  request.log.info({ userId, sessionId: session.sessionId, address: request.ip }, 'signed in');
}

/** A refused password goes to the log: the account by a keyed hash, for the address may be anybody's, and never the password. */
async function noteFailure<T>(accounts: AccountsService, request: FastifyRequest, email: string, signIn: Promise<T>): Promise<T> {
  try {
    return await signIn;
  } catch (error) {
    if (error instanceof ApiError && error.status < 500)
      request.log.warn({ account: await accounts.nameForLog(email), address: request.ip, code: error.code }, 'sign-in failed');
    throw error;
  }
}

/** The same for a password that is asked for again. */
async function confirmed<T>(request: FastifyRequest, userId: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && (error.code === 'credentials_wrong' || error.code === 'rate_limited'))
      request.log.warn({ userId, address: request.ip, code: error.code }, 'password confirmation failed');
    throw error;
  }
}

/** Work whose outcome the answer must not show. A failure goes to the log. */
function inBackground(request: FastifyRequest, work: Promise<void>): void {
  work.catch((error: unknown) => request.log.error({ err: error }, 'a mail could not be sent'));
}

import type { Attribution, Me, Role } from '@granary/contract';
import { inTransaction, type Database } from '@granary/db';
import { ApiError } from '../../errors.ts';
import type { Mailer } from '../../mailer.ts';
import { displayNameColumns } from './display-name.ts';
import type { ConfirmationService } from './confirmation-service.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { refuseGuessable } from './password-policy.ts';
import type { AccessTokenRepository } from './access-token-repository.ts';
import type { SignInGuard } from './sign-in-guard.ts';
import type { AccountRepository, AccountRow } from './repository.ts';
import type { SessionRepository } from './session-repository.ts';
import type { OpenSession, SessionService } from './session-service.ts';
import { explainTaken } from './taken.ts';

export type AccountInput = { email: string; password: string; displayName: string; languages?: string[]; role?: Role };
/** What a request knows about the browser: who it says it is, the address links shall begin with, and its device cookie. */
export type Visit = { userAgent: string | undefined; origin: string; device: string | undefined };
export type AccountService = ReturnType<typeof createAccountService>;

type Parts = {
  db: Database;
  accounts: AccountRepository;
  sessionRows: SessionRepository;
  sessions: SessionService;
  confirmations: ConfirmationService;
  accessTokens: AccessTokenRepository;
  guard: SignInGuard;
  mailer: Mailer;
  clock: () => Date;
};

export function createAccountService(parts: Parts) {
  const { db, accounts, sessionRows, sessions, confirmations, accessTokens, guard, mailer, clock } = parts;
  // Verified against when there is no such account, so that both answers take the same time.
  const decoy = hashPassword(crypto.randomUUID());
  let adminSeen = false;

  return {
    /** Adds an account without signing anybody in. Throws `email_taken`, `display_name_taken`. Resolves to its id. */
    async createAccount(input: AccountInput): Promise<string> {
      const account = await prepare(input);
      return accounts.add(db.prisma, account).catch((error: unknown) => Promise.reject(explainTaken(error)));
    },

    /** `mailing` settles when the confirmation was sent; its failure is no reason to refuse the account. */
    async signUp(input: AccountInput, visit: Visit): Promise<{ me: Me; session: OpenSession; mailing: Promise<void> }> {
      const account = await prepare(input);
      const { id, session } = await inTransaction(db, async (tx) => {
        const id = await accounts.add(tx, account);
        return { id, session: await sessions.open(tx, id, visit.userAgent) };
      }).catch((error: unknown) => Promise.reject(explainTaken(error)));
      const mailing = mailer.configured
        ? confirmations.send({ id, displayName: account.displayName }, account.email, visit.origin)
        : Promise.resolve();
      return { me: await me(id), session, mailing };
    },

    /**
     * Throws `credentials_wrong` for an unknown address and a wrong password alike, `account_suspended` only to who knows the password,
     * `rate_limited` after too many wrong ones.
     */
    async signIn(input: { email: string; password: string }, visit: Visit): Promise<{ me: Me; session: OpenSession }> {
      const account = await accounts.byEmail(input.email);
      const attempt = await guard.admit(input.email, await guard.deviceOf(account?.id, visit.device));
      const matches = await passwordMatches(account?.passwordHash ?? (await decoy), input.password);
      if (account === null || !matches) throw new ApiError('credentials_wrong');
      await attempt.succeeded();
      refuseSuspended(account);
      const session = await inTransaction(db, (tx) => sessions.open(tx, account.id, visit.userAgent));
      return { me: await me(account.id), session };
    },

    me,

    async updateMe(id: string, change: { displayName?: string; languages?: string[]; attribution?: Attribution }): Promise<Me> {
      const { displayName, languages, attribution } = change;
      const name = displayName === undefined ? {} : displayNameColumns(displayName);
      await accounts
        .change(db.prisma, id, {
          ...name,
          ...(languages === undefined ? {} : { languages: [...new Set(languages)] }),
          ...(attribution === undefined ? {} : { attribution }),
        })
        .catch((error: unknown) => Promise.reject(explainTaken(error)));
      return me(id);
    },

    /**
     * Ends all other sessions and, with `endAccessTokens`, every access token of the account. Throws `credentials_wrong`,
     * `rate_limited`, and `validation_failed` for a new password that is easily guessed.
     */
    async changePassword(
      id: string,
      sessionId: string | null,
      input: { currentPassword: string; newPassword: string; endAccessTokens: boolean },
    ): Promise<void> {
      const account = await requirePassword(id, sessionId, input.currentPassword);
      refuseGuessable(input.newPassword, account, 'newPassword');
      const passwordHash = await hashPassword(input.newPassword);
      await inTransaction(db, async (tx) => {
        await accounts.change(tx, id, { passwordHash });
        await sessionRows.revoke(tx, { userId: id, exceptId: sessionId ?? undefined }, 'password_changed', clock());
        if (input.endAccessTokens) await accessTokens.revoke(tx, id, undefined, clock());
      });
    },

    /** With SMTP the new address is confirmed by a link first; without, it changes at once, unverified. */
    async changeEmail(id: string, sessionId: string | null, input: { password: string; newEmail: string }, origin: string) {
      const account = await requirePassword(id, sessionId, input.password);
      const holder = await accounts.byEmail(input.newEmail);
      if (holder !== null && holder.id !== id) throw new ApiError('email_taken');
      if (mailer.configured) {
        await confirmations.send(account, input.newEmail, origin);
        return { status: 'confirmation_sent' as const };
      }
      if (holder === null)
        await accounts
          .change(db.prisma, id, { email: input.newEmail, emailVerifiedAt: null })
          .catch((error: unknown) => Promise.reject(explainTaken(error)));
      return { status: 'changed' as const };
    },

    /** The last admin cannot leave, so once there is one this never has to ask again. */
    async setupNeeded(): Promise<boolean> {
      adminSeen ||= await accounts.adminExists();
      return !adminSeen;
    },

    /** The cookie by which the account will know this browser again; null when it has a good one. */
    async deviceCookie(userId: string, present: string | undefined): Promise<string | null> {
      return (await guard.deviceOf(userId, present)) === null ? guard.newDevice(userId) : null;
    },

    nameForLog: guard.nameOf,
    requirePassword,
    prepare,
  };

  async function prepare({ email, password, displayName, languages = [], role = 'contributor' }: AccountInput) {
    refuseGuessable(password, { email, displayName }, 'password');
    return {
      email: email.toLowerCase(),
      passwordHash: await hashPassword(password),
      ...displayNameColumns(displayName),
      languages: [...new Set(languages)],
      role,
      createdAt: clock(),
    };
  }

  async function me(id: string): Promise<Me> {
    const account = await accounts.byId(id);
    if (account === null) throw new ApiError('session_revoked');
    return {
      id,
      email: account.email,
      emailVerified: account.emailVerifiedAt !== null,
      displayName: account.displayName,
      role: account.role,
      languages: account.languages,
      attribution: account.attribution,
      createdAt: account.createdAt.toISOString(),
      acceptedTerms: await accounts.acceptedTerms(id),
    };
  }

  /** The account, for who knows its password. Throws `credentials_wrong`, and `rate_limited` after too many wrong ones in this session. */
  async function requirePassword(id: string, sessionId: string | null, password: string): Promise<AccountRow> {
    const account = await accounts.byId(id);
    if (account === null) throw new ApiError('session_revoked');
    const attempt = await guard.admit(account.email, `session ${sessionId ?? ''}`);
    if (!(await passwordMatches(account.passwordHash, password))) throw new ApiError('credentials_wrong', 'The password is not right.');
    await attempt.succeeded();
    return account;
  }
}

/** Throws `account_suspended` with the reason the moderator gave. */
export function refuseSuspended(account: AccountRow): void {
  if (account.status === 'suspended')
    throw new ApiError(
      'account_suspended',
      account.suspendedReason === null ? undefined : `The account is suspended: ${account.suspendedReason}`,
    );
}

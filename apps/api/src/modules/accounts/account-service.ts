import type { Attribution, Me, Role } from '@granary/contract';
import { inTransaction, type Database } from '@granary/db';
import { ApiError } from '../../errors.ts';
import type { Mailer } from '../../mailer.ts';
import { displayNameKey, tidyDisplayName } from './display-name.ts';
import type { ConfirmationService } from './confirmation-service.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import type { AccountRepository, AccountRow } from './repository.ts';
import type { SessionRepository } from './session-repository.ts';
import type { OpenSession, SessionService } from './session-service.ts';
import { explainTaken } from './taken.ts';

export type AccountInput = { email: string; password: string; displayName: string; languages?: string[]; role?: Role };
/** What a request knows about the browser: who it says it is, and the address links shall begin with. */
export type Visit = { userAgent: string | undefined; origin: string };
export type AccountService = ReturnType<typeof createAccountService>;

type Parts = {
  db: Database;
  accounts: AccountRepository;
  sessionRows: SessionRepository;
  sessions: SessionService;
  confirmations: ConfirmationService;
  mailer: Mailer;
  clock: () => Date;
};

export function createAccountService({ db, accounts, sessionRows, sessions, confirmations, mailer, clock }: Parts) {
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

    /** Throws `credentials_wrong` for an unknown address and a wrong password alike, `account_suspended` only to who knows the password. */
    async signIn(input: { email: string; password: string }, visit: Visit): Promise<{ me: Me; session: OpenSession }> {
      const account = await accounts.byEmail(input.email);
      const matches = await passwordMatches(account?.passwordHash ?? (await decoy), input.password);
      if (account === null || !matches) throw new ApiError('credentials_wrong');
      refuseSuspended(account);
      const session = await inTransaction(db, (tx) => sessions.open(tx, account.id, visit.userAgent));
      return { me: await me(account.id), session };
    },

    me,

    async updateMe(id: string, change: { displayName?: string; languages?: string[]; attribution?: Attribution }): Promise<Me> {
      const { displayName, languages, attribution } = change;
      const name =
        displayName === undefined ? {} : { displayName: tidyDisplayName(displayName), displayNameKey: displayNameKey(displayName) };
      await accounts
        .change(db.prisma, id, {
          ...name,
          ...(languages === undefined ? {} : { languages: [...new Set(languages)] }),
          ...(attribution === undefined ? {} : { attribution }),
        })
        .catch((error: unknown) => Promise.reject(explainTaken(error)));
      return me(id);
    },

    /** Ends all other sessions. Access tokens stay: their owner sees them in a list and may revoke them there. */
    async changePassword(id: string, sessionId: string | null, input: { currentPassword: string; newPassword: string }): Promise<void> {
      await requirePassword(id, input.currentPassword);
      const passwordHash = await hashPassword(input.newPassword);
      await inTransaction(db, async (tx) => {
        await accounts.change(tx, id, { passwordHash });
        await sessionRows.revoke(tx, { userId: id, exceptId: sessionId ?? undefined }, 'password_changed', clock());
      });
    },

    /** With SMTP the new address is confirmed by a link first; without, it changes at once, unverified. */
    async changeEmail(id: string, input: { password: string; newEmail: string }, origin: string) {
      const account = await requirePassword(id, input.password);
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

    prepare,
  };

  async function prepare({ email, password, displayName, languages = [], role = 'contributor' }: AccountInput) {
    return {
      email: email.toLowerCase(),
      passwordHash: await hashPassword(password),
      displayName: tidyDisplayName(displayName),
      displayNameKey: displayNameKey(displayName),
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

  async function requirePassword(id: string, password: string): Promise<AccountRow> {
    const account = await accounts.byId(id);
    if (account === null || !(await passwordMatches(account.passwordHash, password)))
      throw new ApiError('credentials_wrong', 'The password is not right.');
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

import type { Me } from '@granary/contract';
import { inTransaction, type Database } from '@granary/db';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Mailer } from '../../mailer.ts';
import { hashToken } from '../../plugins/auth.ts';
import type { AccessTokenRepository } from './access-token-repository.ts';
import { refuseSuspended, type AccountService, type Visit } from './account-service.ts';
import { linkHours, linkTo, resetLinkHours, resetRequestHours } from './link-life.ts';
import type { LinkRepository } from './link-repository.ts';
import { passwordResetMail } from './mails.ts';
import { refuseGuessable } from './password-policy.ts';
import { hashPassword } from './passwords.ts';
import type { AccountRepository } from './repository.ts';
import { createSecret } from './secrets.ts';
import type { SessionRepository } from './session-repository.ts';
import type { OpenSession, SessionService } from './session-service.ts';
import type { SignInGuard } from './sign-in-guard.ts';

type Parts = {
  db: Database;
  accounts: AccountRepository;
  links: LinkRepository;
  sessionRows: SessionRepository;
  accessTokens: AccessTokenRepository;
  sessions: SessionService;
  me: AccountService['me'];
  guard: SignInGuard;
  mailer: Mailer;
  clock: () => Date;
};

const resetUrl = (origin: string, token: string) => linkTo(`${origin}/reset-password`, token);

export function createPasswordResetService(parts: Parts) {
  const { db, accounts, links, sessionRows, accessTokens, sessions, me, guard, mailer, clock } = parts;

  return {
    /** Answers the same for every address. `mailing` looks the account up and sends the link: waiting for it would tell whether there is one. */
    async request(email: string, origin: string): Promise<{ delivery: 'email' | 'admin'; mailing: Promise<void> }> {
      if (mailer.configured) return { delivery: 'email', mailing: mailLink(email, origin) };
      const now = clock();
      await links.addResetRequest(email, now, linkHours(now, resetRequestHours));
      return { delivery: 'admin', mailing: Promise.resolve() };
    },

    /**
     * Sets the password and signs in. Whoever forgot a password may have lost more than that, so every session and every
     * access token of the account ends; so does all waiting after wrong passwords. Throws `link_invalid`, `account_suspended`, and
     * `validation_failed` for a password that is easily guessed: the link still works then.
     */
    async complete(input: { token: string; newPassword: string }, visit: Visit): Promise<{ me: Me; session: OpenSession }> {
      const passwordHash = await hashPassword(input.newPassword);
      const { id, email, session } = await inTransaction(db, async (tx) => {
        const now = clock();
        const link = await links.use(tx, 'password_reset', hashToken(input.token), now);
        const account = link?.userId ? await accounts.byId(link.userId, tx) : null;
        if (account === null) throw new ApiError('link_invalid', 'Ask for a new link: this one was used already or is older than a day.');
        refuseSuspended(account);
        refuseGuessable(input.newPassword, account, 'newPassword');
        await accounts.change(tx, account.id, { passwordHash });
        await links.removeUnused(tx, account.id, 'password_reset');
        await sessionRows.revoke(tx, { userId: account.id }, 'password_changed', now);
        await accessTokens.revoke(tx, account.id, undefined, now);
        return { id: account.id, email: account.email, session: await sessions.open(tx, account.id, visit.userAgent) };
      });
      await guard.forgive(email);
      return { me: await me(id), session };
    },

    async list({ cursor, limit }: { cursor?: string; limit: number }) {
      const after = decodeCursor(cursor, timeAndIdSchema);
      const rows = await links.listResetRequests(clock(), after, limit + 1);
      return toPage(
        rows,
        limit,
        (row) => [row.created_at.toISOString(), row.id],
        (row) => ({
          id: row.id,
          email: row.email,
          displayName: row.display_name,
          createdAt: row.created_at.toISOString(),
          // A link lives for a fixed time from its making.
          linkIssuedAt: row.issued ? linkHours(row.expires_at, -resetLinkHours).toISOString() : null,
        }),
      );
    },

    /** A link for the admin to hand over. Throws `not_found`. */
    async issueLink(id: string, origin: string): Promise<{ url: string; expiresAt: string }> {
      const token = createSecret();
      const now = clock();
      const expiresAt = linkHours(now, resetLinkHours);
      if (!(await links.issueResetLink(id, hashToken(token), now, expiresAt))) throw notFound('open request with this id');
      return { url: resetUrl(origin, token), expiresAt: expiresAt.toISOString() };
    },
  };

  async function mailLink(email: string, origin: string): Promise<void> {
    const account = await accounts.byEmail(email);
    if (account === null || account.status !== 'active') return;
    const token = createSecret();
    const now = clock();
    const expiresAt = linkHours(now, resetLinkHours);
    await links.add(db.prisma, { kind: 'password_reset', userId: account.id, tokenHash: hashToken(token), now, expiresAt });
    await mailer.send(passwordResetMail({ to: account.email, displayName: account.displayName, url: resetUrl(origin, token) }));
  }
}

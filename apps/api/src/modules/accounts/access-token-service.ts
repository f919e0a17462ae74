import type { AccessToken, Role, Scope } from '@granary/contract';
import { scopesFor } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import { hashToken } from '../../plugins/auth.ts';
import type { Database } from '@granary/db';
import type { AccountService } from './account-service.ts';
import type { AccessTokenRepository, AccessTokenRow } from './access-token-repository.ts';
import { createAccessTokenText, visiblePrefix } from './secrets.ts';
import type { SessionRepository } from './session-repository.ts';

/** Whoever signed in this short a time ago need not enter the password again. */
const freshMinutes = 10;

type Parts = {
  db: Database;
  accessTokens: AccessTokenRepository;
  sessionRows: SessionRepository;
  requirePassword: AccountService['requirePassword'];
  clock: () => Date;
};

export function createAccessTokenService({ db, accessTokens, sessionRows, requirePassword, clock }: Parts) {
  return {
    async list(userId: string) {
      return { items: (await accessTokens.list(userId)).map(toAccessToken) };
    },

    /**
     * The token's text is in this result and nowhere else. Throws `validation_failed` for a scope the role does not reach, and
     * `password_required` or `credentials_wrong` when the sign-in was too long ago.
     */
    async create(
      owner: { id: string; role: Role; sessionId: string | null },
      input: { name: string; scopes: Scope[]; expiresInDays: number; password?: string | undefined },
    ): Promise<{ token: string; accessToken: AccessToken }> {
      const allowed = scopesFor(owner.role);
      const refused = input.scopes.filter((scope) => !allowed.includes(scope));
      if (refused.length > 0) {
        const message = `The role ${owner.role} does not reach ${refused.join(', ')}; choose from ${allowed.join(', ')}`;
        throw new ApiError('validation_failed', message, { errors: [{ path: 'scopes', message }] });
      }
      await confirmOwner(owner, input.password);
      const token = createAccessTokenText();
      const createdAt = clock();
      const row = await accessTokens.add({
        userId: owner.id,
        name: input.name,
        tokenHash: hashToken(token),
        prefix: visiblePrefix(token),
        scopes: [...new Set(input.scopes)],
        createdAt,
        expiresAt: new Date(createdAt.getTime() + input.expiresInDays * 86_400_000),
      });
      return { token, accessToken: toAccessToken(row) };
    },

    async revoke(userId: string, id: string): Promise<void> {
      if ((await accessTokens.revoke(db.prisma, userId, id, clock())) === 0) throw notFound('such access token');
    },
  };

  /** A browser that was left open must not give its finder a key that outlasts it. */
  async function confirmOwner({ id, sessionId }: { id: string; sessionId: string | null }, password: string | undefined): Promise<void> {
    if (password !== undefined) return void (await requirePassword(id, sessionId, password));
    const session = sessionId === null ? null : await sessionRows.find(sessionId);
    const fresh = session !== null && clock().getTime() - session.createdAt.getTime() <= freshMinutes * 60_000;
    if (!fresh)
      throw new ApiError(
        'password_required',
        `You signed in more than ${freshMinutes} minutes ago. Enter your password to create a token.`,
      );
  }
}

function toAccessToken(row: AccessTokenRow): AccessToken {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes as Scope[],
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    expiryImposed: row.expiryImposed,
  };
}

import type { AccessToken, Role, Scope } from '@granary/contract';
import { scopesFor } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import { hashToken } from '../../plugins/auth.ts';
import type { Database } from '@granary/db';
import type { AccessTokenRepository, AccessTokenRow } from './access-token-repository.ts';
import { createAccessTokenText, visiblePrefix } from './secrets.ts';

type Parts = { db: Database; accessTokens: AccessTokenRepository; clock: () => Date };

export function createAccessTokenService({ db, accessTokens, clock }: Parts) {
  return {
    async list(userId: string) {
      return { items: (await accessTokens.list(userId)).map(toAccessToken) };
    },

    /** The token's text is in this result and nowhere else. Throws `validation_failed` for a scope the role does not reach. */
    async create(
      owner: { id: string; role: Role },
      input: { name: string; scopes: Scope[]; expiresInDays: number | null },
    ): Promise<{ token: string; accessToken: AccessToken }> {
      const allowed = scopesFor(owner.role);
      const refused = input.scopes.filter((scope) => !allowed.includes(scope));
      if (refused.length > 0) {
        const message = `The role ${owner.role} does not reach ${refused.join(', ')}; choose from ${allowed.join(', ')}`;
        throw new ApiError('validation_failed', message, { errors: [{ path: 'scopes', message }] });
      }
      const token = createAccessTokenText();
      const createdAt = clock();
      const row = await accessTokens.add({
        userId: owner.id,
        name: input.name,
        tokenHash: hashToken(token),
        prefix: visiblePrefix(token),
        scopes: [...new Set(input.scopes)],
        createdAt,
        expiresAt: input.expiresInDays === null ? null : new Date(createdAt.getTime() + input.expiresInDays * 86_400_000),
      });
      return { token, accessToken: toAccessToken(row) };
    },

    async revoke(userId: string, id: string): Promise<void> {
      if ((await accessTokens.revoke(db.prisma, userId, id, clock())) === 0) throw notFound('such access token');
    },
  };
}

function toAccessToken(row: AccessTokenRow): AccessToken {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes as Scope[],
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}

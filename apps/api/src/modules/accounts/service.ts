import type { Dependencies } from '../../dependencies.ts';
import { createAccessTokenRepository } from './access-token-repository.ts';
import { createAccessTokenService } from './access-token-service.ts';
import { createSecretReader } from '../../session-secret.ts';
import { createAccountService } from './account-service.ts';
import { createConfirmationService } from './confirmation-service.ts';
import { createLinkRepository } from './link-repository.ts';
import { createPasswordResetService } from './password-reset-service.ts';
import { createAccountRepository } from './repository.ts';
import { createSessionRepository } from './session-repository.ts';
import { createSessionService } from './session-service.ts';
import { createSetupService } from './setup-service.ts';
import { createSignInFailureRepository } from './sign-in-failure-repository.ts';
import { createSignInGuard } from './sign-in-guard.ts';
import { fillSkeletons } from './fill-skeletons.ts';

export type AccountsService = ReturnType<typeof createAccountsService>;

/** Everything about having an account, wired from its parts. */
export function createAccountsService({ db, mailer, clock, config }: Pick<Dependencies, 'db' | 'mailer' | 'clock' | 'config'>) {
  const accounts = createAccountRepository(db);
  const links = createLinkRepository(db);
  const sessionRows = createSessionRepository(db);
  const accessTokens = createAccessTokenRepository(db);
  const sessions = createSessionService({ db, sessions: sessionRows, clock });
  const confirmations = createConfirmationService({ db, accounts, links, mailer, clock });
  const guard = createSignInGuard({
    failures: createSignInFailureRepository(db),
    secret: createSecretReader(db, config.sessionSecret),
    clock,
  });
  const parts = { db, accounts, sessionRows, sessions, confirmations, accessTokens, guard, mailer, clock };
  const { prepare, requirePassword, ...account } = createAccountService(parts);
  const { me } = account;
  const setup = createSetupService({ db, accounts, links, sessions, prepare, me, clock });
  return {
    ...account,
    ...setup,
    mailConfigured: mailer.configured,
    sessions,
    confirmations,
    passwordResets: createPasswordResetService({ db, accounts, links, sessionRows, accessTokens, sessions, me, guard, mailer, clock }),
    accessTokens: createAccessTokenService({ db, accessTokens, sessionRows, requirePassword, clock }),
    fillSkeletons: () => fillSkeletons(accounts),
    /** Ends every session and access token of a user, inside the transaction that suspends them. */
    endAllAccess: async (tx: Parameters<typeof sessionRows.revoke>[0], userId: string, now: Date): Promise<void> => {
      await sessionRows.revoke(tx, { userId }, 'suspended', now);
      await accessTokens.revoke(tx, userId, undefined, now);
    },
  };
}

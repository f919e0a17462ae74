import type { Dependencies } from '../../dependencies.ts';
import { createAccessTokenRepository } from './access-token-repository.ts';
import { createAccessTokenService } from './access-token-service.ts';
import { createAccountService } from './account-service.ts';
import { createConfirmationService } from './confirmation-service.ts';
import { createLinkRepository } from './link-repository.ts';
import { createPasswordResetService } from './password-reset-service.ts';
import { createAccountRepository } from './repository.ts';
import { createSessionRepository } from './session-repository.ts';
import { createSessionService } from './session-service.ts';
import { createSetupService } from './setup-service.ts';

export type AccountsService = ReturnType<typeof createAccountsService>;

/** Everything about having an account, wired from its parts. */
export function createAccountsService({ db, mailer, clock }: Pick<Dependencies, 'db' | 'mailer' | 'clock'>) {
  const accounts = createAccountRepository(db);
  const links = createLinkRepository(db);
  const sessionRows = createSessionRepository(db);
  const accessTokens = createAccessTokenRepository(db);
  const sessions = createSessionService({ db, sessions: sessionRows, clock });
  const confirmations = createConfirmationService({ db, accounts, links, mailer, clock });
  const { prepare, ...account } = createAccountService({ db, accounts, sessionRows, sessions, confirmations, mailer, clock });
  const { me } = account;
  const setup = createSetupService({ db, accounts, links, sessions, prepare, me, clock });
  return {
    ...account,
    ...setup,
    mailConfigured: mailer.configured,
    sessions,
    confirmations,
    passwordResets: createPasswordResetService({ db, accounts, links, sessionRows, accessTokens, sessions, me, mailer, clock }),
    accessTokens: createAccessTokenService({ db, accessTokens, clock }),
    /** Ends every session and access token of a user, inside the transaction that suspends them. */
    endAllAccess: async (tx: Parameters<typeof sessionRows.revoke>[0], userId: string, now: Date): Promise<void> => {
      await sessionRows.revoke(tx, { userId }, 'suspended', now);
      await accessTokens.revoke(tx, userId, undefined, now);
    },
  };
}

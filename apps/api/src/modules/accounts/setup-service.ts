import type { Me } from '@granary/contract';
import { inTransaction, type Database } from '@granary/db';
import { ApiError } from '../../errors.ts';
import { hashToken } from '../../plugins/auth.ts';
import type { AccountInput, AccountService } from './account-service.ts';
import { linkHours, linkTo } from './link-life.ts';
import type { LinkRepository } from './link-repository.ts';
import type { AccountRepository } from './repository.ts';
import { createSecret } from './secrets.ts';
import type { OpenSession, SessionService } from './session-service.ts';
import { explainTaken } from './taken.ts';

/** The link is replaced with every start, so it need not end before the operator gets to it. */
const setupLinkHours = 30 * 24;

type Parts = {
  db: Database;
  accounts: AccountRepository;
  links: LinkRepository;
  sessions: SessionService;
  prepare: AccountService['prepare'];
  me: AccountService['me'];
  clock: () => Date;
};

/** How a deployment gets its first admin. */
export function createSetupService({ db, accounts, links, sessions, prepare, me, clock }: Parts) {
  return {
    /** A link below `address` that makes its user the first admin; null when there is one. Earlier links stop working. */
    createSetupLink(address: string): Promise<string | null> {
      const token = createSecret();
      const now = clock();
      return inTransaction(db, async (tx) => {
        if (await accounts.adminExists(tx)) return null;
        await links.removeSetupLinks(tx);
        await links.add(tx, { kind: 'setup', tokenHash: hashToken(token), now, expiresAt: linkHours(now, setupLinkHours) });
        return linkTo(`${address}/setup`, token);
      });
    },

    /** Throws `setup_done`, `link_invalid`, `email_taken`, `display_name_taken`. Of two at once, one succeeds. */
    async setup(input: AccountInput & { token: string }, userAgent: string | undefined): Promise<{ me: Me; session: OpenSession }> {
      const account = await prepare({ ...input, role: 'admin' });
      const { id, session } = await inTransaction(db, async (tx) => {
        await links.lockSetupLinks(tx);
        if (await accounts.adminExists(tx)) throw new ApiError('setup_done');
        if ((await links.use(tx, 'setup', hashToken(input.token), clock())) === null)
          throw new ApiError('link_invalid', 'The link is replaced with every start of the server: use the newest one it printed.');
        const id = await accounts.add(tx, account);
        return { id, session: await sessions.open(tx, id, userAgent) };
      }).catch((error: unknown) => Promise.reject(explainTaken(error)));
      return { me: await me(id), session };
    },
  };
}

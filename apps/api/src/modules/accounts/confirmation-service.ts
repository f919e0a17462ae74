import { inTransaction, type Database } from '@granary/db';
import { ApiError } from '../../errors.ts';
import type { Mailer } from '../../mailer.ts';
import { hashToken } from '../../plugins/auth.ts';
import { linkHours, linkTo } from './link-life.ts';
import type { LinkRepository } from './link-repository.ts';
import { confirmEmailMail, emailChangedMail } from './mails.ts';
import type { AccountRepository } from './repository.ts';
import { createSecret } from './secrets.ts';
import { explainTaken } from './taken.ts';

export type ConfirmationService = ReturnType<typeof createConfirmationService>;

type Parts = { db: Database; accounts: AccountRepository; links: LinkRepository; mailer: Mailer; clock: () => Date };

/** Proof that an e-mail address is its owner's: after sign-up and for a change of address. */
export function createConfirmationService({ db, accounts, links, mailer, clock }: Parts) {
  return {
    /** Sends a link to the address; one sent earlier stops working. */
    async send(account: { id: string; displayName: string }, email: string, origin: string): Promise<void> {
      const token = createSecret();
      const now = clock();
      await inTransaction(db, async (tx) => {
        await links.removeUnused(tx, account.id, 'email_change');
        await links.add(tx, {
          kind: 'email_change',
          userId: account.id,
          email,
          tokenHash: hashToken(token),
          now,
          expiresAt: linkHours(now, 24),
        });
      });
      await mailer.send(confirmEmailMail({ to: email, displayName: account.displayName, url: linkTo(`${origin}/confirm-email`, token) }));
    },

    /** Throws `link_invalid`, and `email_taken` when somebody took the address in the meantime. `mailing`: the notice to the old address. */
    async confirm(token: string): Promise<{ email: string; mailing: Promise<void> }> {
      const now = clock();
      const { email, account } = await inTransaction(db, async (tx) => {
        const link = await links.use(tx, 'email_change', hashToken(token), now);
        if (link === null || link.userId === null || link.email === null) throw new ApiError('link_invalid');
        const account = await accounts.byId(link.userId, tx);
        await accounts.change(tx, link.userId, { email: link.email, emailVerifiedAt: now });
        return { email: link.email, account };
      }).catch((error: unknown) => Promise.reject(explainTaken(error)));
      const moved = account !== null && account.email !== email && mailer.configured;
      const mailing = moved ? mailer.send(emailChangedMail({ to: account.email, displayName: account.displayName })) : Promise.resolve();
      return { email, mailing };
    },
  };
}

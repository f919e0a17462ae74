import { violatedUniqueConstraint } from '@granary/db';
import { displayNameSkeleton } from './display-name.ts';
import type { AccountRepository } from './repository.ts';

const batch = 1_000;

/**
 * Gives names of before the skeletons theirs; resolves to how many. Of two that look alike already, both stay: the older has
 * the skeleton, the newer one that nobody else can have. Any number of processes may do so at the same time.
 */
export async function fillSkeletons(accounts: Pick<AccountRepository, 'withoutSkeleton' | 'fillSkeletons'>): Promise<number> {
  let filled = 0;
  for (;;) {
    const rows = await accounts.withoutSkeleton(batch);
    if (rows.length === 0) return filled;
    const named = rows.map(({ id, displayName }) => ({ id, skeleton: displayNameSkeleton(displayName), suffix: `#${id}` }));
    try {
      await accounts.fillSkeletons(named);
      filled += rows.length;
    } catch (error) {
      // Somebody took one of the names in between: looked at again, it is in use.
      if (violatedUniqueConstraint(error) === undefined) throw error;
    }
  }
}

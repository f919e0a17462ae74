import { reviewPolicySchema } from '@granary/contract';
import type { ReviewPolicy } from '@granary/contract';
import type { Database } from '@granary/db';

export type PolicyRepository = ReturnType<typeof createPolicyRepository>;

/** Which review policy a dataset had. */
export function createPolicyRepository(db: Pick<Database, 'prisma'>) {
  return {
    /** The policy at a time, which later changes do not alter; null when the dataset kept none from then. */
    async at(datasetId: string, time: Date): Promise<{ version: number; policy: ReviewPolicy } | null> {
      const found = await db.prisma.policyVersion.findFirst({
        where: { datasetId, createdAt: { lte: time } },
        orderBy: { version: 'desc' },
        select: { version: true, policy: true },
      });
      return found && { version: found.version, policy: reviewPolicySchema.parse(found.policy) };
    },
  };
}

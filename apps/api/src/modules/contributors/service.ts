import type { endpoints, EndpointOutput } from '@granary/contract';
import { notFound } from '../../errors.ts';
import type { ContributorRepository } from './repository.ts';

export type ContributorService = ReturnType<typeof createContributorService>;

export function createContributorService({ contributors }: { contributors: ContributorRepository }) {
  return {
    /** What anybody may know of a person. Throws `not_found`. */
    async get(id: string): Promise<EndpointOutput<typeof endpoints.contributors.get>> {
      const row = await contributors.byId(id);
      if (row === null) throw notFound('such contributor');
      return { ...row, joinedAt: row.joinedAt.toISOString(), approved: row.byCategory.reduce((sum, { approved }) => sum + approved, 0) };
    },
  };
}

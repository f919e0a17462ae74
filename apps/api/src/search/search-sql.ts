import { Prisma } from '@granary/db';
import type { Search } from './query.ts';

/** "This vector (of SQL of ours) matches what is searched for." */
export const matches = (vector: string, search: Search) => Prisma.sql`${Prisma.raw(vector)} @@ ${search.matches}::tsquery`;

/** "The index of this column may know a match." Only where `search.index` is not null. */
export const mayMatch = (column: string, index: string) => Prisma.sql`${Prisma.raw(column)} @@ ${index}::tsquery`;

import type { Split } from '@granary/contract';
import { hashOf } from '../near-duplicates/shingles.ts';

/** Hundredths of the clusters that go to each split. Changing them moves nothing that is assigned already. */
export const splitShares = { train: 90, validation: 5, test: 5 } as const satisfies Record<Split, number>;

/** The split of a cluster of near-duplicates, by a hash of its id alone: it depends on nothing else and is the same everywhere. */
export function splitOfCluster(clusterId: string): Split {
  const place = hashOf(clusterId) % 100;
  if (place < splitShares.test) return 'test';
  return place < splitShares.test + splitShares.validation ? 'validation' : 'train';
}

import type { Dependencies } from '../dependencies.ts';
import { ApiError } from '../errors.ts';
import type { Services } from '../services.ts';
import { starterDataset } from './starter-dataset.ts';

/**
 * Gives a deployment without any dataset the starter dataset. Safe to call at every start and from several processes at
 * once: the unique slug lets one of them win.
 */
export async function seedStarter(_deps: Dependencies, { datasets }: Pick<Services, 'datasets'>): Promise<void> {
  if ((await datasets.list()).length > 0) return;
  try {
    await datasets.create(null, starterDataset);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'slug_taken')) throw error;
  }
}

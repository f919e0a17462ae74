import type { Dependencies } from '../dependencies.ts';
import { ApiError } from '../errors.ts';
import type { Services } from '../services.ts';
import { shipItems } from '../modules/calibration/shipped-items.ts';
import { calibrationTexts } from './calibration-texts.ts';
import { starterDataset } from './starter-dataset.ts';

/**
 * Gives a deployment without any dataset the starter dataset, with the texts of its qualification. Safe to call at every start and from several processes at
 * once: the unique slug lets one of them win.
 */
export async function seedStarter({ clock }: Dependencies, { datasets }: Pick<Services, 'datasets'>): Promise<void> {
  if ((await datasets.list()).length > 0) return;
  try {
    await datasets.create(null, starterDataset, (tx, dataset) => shipItems(tx, dataset, calibrationTexts, clock()));
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'slug_taken')) throw error;
  }
}

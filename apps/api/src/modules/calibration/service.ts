import type { Database } from '@granary/db';
import { createItemRepository } from './item-repository.ts';
import { createCalibrationItemService } from './item-service.ts';
import { createTaskRepository } from './task-repository.ts';
import { createCalibrationTaskService } from './task-service.ts';

export type CalibrationService = ReturnType<typeof createCalibrationService>;

/** Texts whose right verdict is known: what moderators do with them, and how they come before reviewers. */
export function createCalibrationService({ db, clock, random }: { db: Database; clock: () => Date; random: () => number }) {
  return {
    ...createCalibrationItemService({ db, items: createItemRepository(db), clock }),
    tasks: createCalibrationTaskService({ db, tasks: createTaskRepository(db), clock, random }),
  };
}

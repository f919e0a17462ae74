import type { Database } from '@granary/db';
import { createCollusionRepository } from './collusion-repository.ts';
import { createCollusionService } from './collusion-service.ts';
import { createDecisionService } from './decision-service.ts';
import { createFlagService } from './flag-service.ts';
import { createModerationRepository } from './repository.ts';

export type ModerationService = ReturnType<typeof createModerationService>;

/** What readers report and moderators do about entries. */
export function createModerationService({ db, clock }: { db: Database; clock: () => Date }) {
  const moderation = createModerationRepository(db);
  const { retractIn, ...decisions } = createDecisionService({ db, moderation, clock });
  const collusion = createCollusionService({ db, collusion: createCollusionRepository(db), clock });
  return { ...decisions, ...createFlagService({ db, moderation, retractIn, clock }), ...collusion };
}

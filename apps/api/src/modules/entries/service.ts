import type { CalibrationItem } from '@granary/contract';
import type { Database } from '@granary/db';
import { createEntryPageService } from './page-service.ts';
import { createProposalRepository } from './proposal-repository.ts';
import { createProposalService } from './proposal-service.ts';
import { createEntryRepository } from './repository.ts';
import { revisionRepository } from './revision-repository.ts';
import { createRevisionService } from './revision-service.ts';
import { createSubmissionRepository } from './submission-repository.ts';
import { createSubmissionService } from './submission-service.ts';

export type EntryService = ReturnType<typeof createEntryService>;

type Parts = { db: Database; calibrationOf: (entryId: string) => Promise<CalibrationItem | null>; clock: () => Date };

/** All that is done with entries: handing in, editing and taking back, reading. */
export function createEntryService({ db, calibrationOf, clock }: Parts) {
  const entries = createEntryRepository(db);
  const { previewIn, acceptIn, ...edits } = createRevisionService({ db, entries, revisions: revisionRepository, clock });
  const proposals = createProposalService({ db, proposals: createProposalRepository(db), previewIn, acceptIn, clock });
  return {
    submit: createSubmissionService({ submissions: createSubmissionRepository(db), clock }),
    ...edits,
    ...proposals,
    ...createEntryPageService({ entries, calibrationOf, proposalsOf: proposals.proposalsOf, clock }),
  };
}

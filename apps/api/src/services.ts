import { join } from 'node:path';
import type { Dependencies } from './dependencies.ts';
import { noRequests } from './jobs/give-way.ts';
import { displayNameKey } from './modules/accounts/display-name.ts';
import { createAccountsService } from './modules/accounts/service.ts';
import { createCalibrationService } from './modules/calibration/service.ts';
import { createComparisonRepository } from './modules/comparisons/repository.ts';
import { createComparisonService } from './modules/comparisons/service.ts';
import { createContributorRepository } from './modules/contributors/repository.ts';
import { createContributorService } from './modules/contributors/service.ts';
import { createDatasetRepository } from './modules/datasets/repository.ts';
import { createDatasetService } from './modules/datasets/service.ts';
import { createDraftRepository } from './modules/drafts/repository.ts';
import { createDraftService } from './modules/drafts/service.ts';
import { createEntryService } from './modules/entries/service.ts';
import { createEventRepository } from './modules/events/repository.ts';
import { createEventService } from './modules/events/service.ts';
import { createHubRepository } from './modules/hub/repository.ts';
import { createHubService } from './modules/hub/service.ts';
import { createFileReader } from './modules/imports/file-reader.ts';
import { createImporter } from './modules/imports/importer.ts';
import { createImportRepository } from './modules/imports/repository.ts';
import { createImportService } from './modules/imports/service.ts';
import { createModerationService } from './modules/moderation/service.ts';
import { createPublishingService } from './modules/publishing/service.ts';
import { createRatingRepository } from './modules/ratings/repository.ts';
import { createRatingService } from './modules/ratings/service.ts';
import { createReliabilityRepository } from './modules/reliability/repository.ts';
import { createReliabilityService } from './modules/reliability/service.ts';
import { createReviewService } from './modules/reviews/service.ts';
import { createBuildRepository } from './modules/snapshots/build-repository.ts';
import { createSnapshotBuilder } from './modules/snapshots/builder.ts';
import { createChangesRepository } from './modules/snapshots/changes-repository.ts';
import { createChangesService } from './modules/snapshots/changes-service.ts';
import { createExportService } from './modules/snapshots/export-service.ts';
import { createRenderer } from './modules/snapshots/renderer.ts';
import { createLeftoverRepository } from './modules/snapshots/leftover-repository.ts';
import { createLeftoverCollector } from './modules/snapshots/leftovers.ts';
import { createSnapshotRepository } from './modules/snapshots/repository.ts';
import { createRowRepository } from './modules/snapshots/row-repository.ts';
import { createRowService } from './modules/snapshots/row-service.ts';
import { createSnapshotService } from './modules/snapshots/service.ts';
import { createSplitAssigner } from './modules/snapshots/split-assigner.ts';
import { createStatisticsRepository } from './modules/snapshots/statistics-repository.ts';
import { createSnapshotStatisticsService } from './modules/snapshots/statistics-service.ts';
import { createPairRepository } from './modules/pairs/repository.ts';
import { createPairService } from './modules/pairs/service.ts';
import { createStatsRepository } from './modules/stats/repository.ts';
import { createStatsService } from './modules/stats/service.ts';
import { createBackupService } from './modules/system/backup-service.ts';
import { createSystemService } from './modules/system/service.ts';
import { createUserRepository } from './modules/users/repository.ts';
import { createUserService } from './modules/users/service.ts';
import { createTextIndexer } from './search/text-indexer.ts';
import { defaultCategories } from './seed/default-categories.ts';
import { storageFolder } from './storage/open-storage.ts';

export type Services = ReturnType<typeof createServices>;

/** Snapshots that a process makes for downloads at the same time; each takes up to a core. */
const exportsAtOnce = 3;

/** Wires every service to the functions it needs. The server, the worker, the seed and the tests all start here. */
export function createServices(deps: Dependencies) {
  const { db, clock, random, storage, jobs, config } = deps;
  const requestsUnderWay = noRequests();
  const accounts = createAccountsService(deps);
  const calibration = createCalibrationService({ db, clock, random });
  const snapshots = createSnapshotRepository(db);
  const builds = createBuildRepository(db);
  const { pairsPage } = builds;
  const imports = createImportRepository(db);
  const entries = createEntryService({ db, calibrationOf: calibration.ofEntry, clock });
  const reader = createFileReader({ underWay: requestsUnderWay });
  const moderation = createModerationService({ db, clock });
  const comparisons = createComparisonService({ db, comparisons: createComparisonRepository(db), jobs, clock, random });
  // Whoever waits for the embedded database's only connection would be waited for by its holder.
  const splits = createSplitAssigner({ db, underWay: db.kind === 'postgres' ? requestsUnderWay : noRequests() });
  const snapshotService = createSnapshotService({ db, repository: snapshots, storage, jobs, clock });
  return {
    accounts,
    users: createUserService({ db, users: createUserRepository(db), displayNameKey, endAllAccess: accounts.endAllAccess, clock }),
    datasets: createDatasetService({ db, datasets: createDatasetRepository(db), defaultCategories, clock }),
    entries,
    pairs: createPairService({ pairs: createPairRepository(db) }),
    stats: createStatsService({ stats: createStatsRepository(db), clock }),
    contributors: createContributorService({ contributors: createContributorRepository(db) }),
    drafts: createDraftService({ drafts: createDraftRepository(db), clock }),
    events: createEventService({ events: createEventRepository(db) }),
    moderation,
    calibration,
    reviews: createReviewService({ db, calibration: calibration.tasks, clock }),
    ratings: createRatingService({ db, ratings: createRatingRepository(db), jobs, clock }),
    comparisons,
    reliability: createReliabilityService({ db, repository: createReliabilityRepository(db), jobs, clock }),
    snapshotRows: createRowService({ rows: createRowRepository(db), flagPublished: moderation.flagPublished }),
    snapshots: snapshotService,
    snapshotChanges: createChangesService({ repository: createChangesRepository(db) }),
    snapshotStatistics: createSnapshotStatisticsService(createStatisticsRepository(db)),
    hub: createHubService({ repository: createHubRepository(db), storage, snapshots: snapshotService }),
    publishing: createPublishingService(deps, snapshotService),
    buildSnapshot: createSnapshotBuilder({
      db,
      storage,
      repository: builds,
      splits,
      comparisons,
      changes: createChangesRepository(db),
      // The queue gives a process one build at a time.
      render: createRenderer({ databaseUrl: db.url, pairsPage, most: Infinity, underWay: requestsUnderWay }).render,
      snapshots,
      clock,
      publicUrl: config.publicUrl,
    }),
    exports: createExportService({
      repository: snapshots,
      pinned: builds,
      render: createRenderer({ databaseUrl: db.url, pairsPage, most: exportsAtOnce }).render,
    }),
    indexTexts: createTextIndexer({ db }),
    remakeBands: splits.remakeBands,
    collectLeftovers: createLeftoverCollector({ storage, repository: createLeftoverRepository(db), clock }),
    imports: createImportService({ db, repository: imports, storage, jobs, reader, clock }),
    runImport: createImporter({
      db,
      storage,
      repository: imports,
      reader,
      reviseImportedIn: entries.reviseImportedIn,
      underWay: requestsUnderWay,
      clock,
      whenEnough: deps.disk.whenEnough,
    }),
    system: createSystemService({ db, storage }),
    backups: createBackupService({
      db,
      clock,
      dataDir: config.dataDir,
      filesFolder: storageFolder(config.storageUrl, join(config.dataDir, 'files')),
    }),
    requestsUnderWay,
  };
}

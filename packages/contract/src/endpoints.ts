import { accountEndpoints } from './accounts.ts';
import { calibrationEndpoints } from './calibration.ts';
import { comparisonEndpoints } from './comparisons.ts';
import { datasetEndpoints } from './datasets.ts';
import { draftEndpoints, entryEndpoints } from './entries.ts';
import { hubEndpoints } from './hub.ts';
import { importEndpoints } from './imports.ts';
import { moderationEndpoints } from './moderation.ts';
import { contributorEndpoints, pairEndpoints, statsEndpoints } from './pairs.ts';
import { publishingEndpoints } from './publishing.ts';
import { ratingEndpoints } from './ratings.ts';
import { reliabilityEndpoints } from './reliability.ts';
import { reviewEndpoints } from './reviews.ts';
import { snapshotChangeEndpoints } from './snapshot-changes.ts';
import { snapshotExportEndpoints } from './snapshot-exports.ts';
import { snapshotRowEndpoints } from './snapshot-rows.ts';
import { snapshotStatisticsEndpoints } from './snapshot-statistics.ts';
import { snapshotEndpoints } from './snapshots.ts';
import { systemEndpoints } from './system.ts';

/** The table of endpoints: everything the interface offers. */
export const endpoints = {
  accounts: accountEndpoints,
  datasets: datasetEndpoints,
  entries: entryEndpoints,
  drafts: draftEndpoints,
  reviews: reviewEndpoints,
  ratings: ratingEndpoints,
  comparisons: comparisonEndpoints,
  reliability: reliabilityEndpoints,
  calibration: calibrationEndpoints,
  pairs: pairEndpoints,
  contributors: contributorEndpoints,
  stats: statsEndpoints,
  moderation: moderationEndpoints,
  snapshots: snapshotEndpoints,
  snapshotExports: snapshotExportEndpoints,
  snapshotRows: snapshotRowEndpoints,
  snapshotChanges: snapshotChangeEndpoints,
  snapshotStatistics: snapshotStatisticsEndpoints,
  hub: hubEndpoints,
  publishing: publishingEndpoints,
  imports: importEndpoints,
  system: systemEndpoints,
};

import type accounts from '../features/accounts/messages/en.json';
import type administration from '../features/administration/messages/en.json';
import type calibration from '../features/calibration/messages/en.json';
import type comparisons from '../features/comparisons/messages/en.json';
import type changes from '../features/changes/messages/en.json';
import type components from '../components/messages/en.json';
import type contributors from '../features/contributors/messages/en.json';
import type conversation from '../features/conversation/messages/en.json';
import type editor from '../features/editor/messages/en.json';
import type datasets from '../features/datasets/messages/en.json';
import type diff from '../components/diff/messages/en.json';
import type drafts from '../features/drafts/messages/en.json';
import type entries from '../features/entries/messages/en.json';
import type flags from '../features/flags/messages/en.json';
import type formats from '../features/formats/messages/en.json';
import type home from '../features/home/messages/en.json';
import type imports from '../features/imports/messages/en.json';
import type moderation from '../features/moderation/messages/en.json';
import type pairs from '../features/pairs/messages/en.json';
import type publish from '../features/publish/messages/en.json';
import type ratings from '../features/ratings/messages/en.json';
import type reliability from '../features/reliability/messages/en.json';
import type reviews from '../features/reviews/messages/en.json';
import type rows from '../features/rows/messages/en.json';
import type source from '../components/source/messages/en.json';
import type snapshots from '../features/snapshots/messages/en.json';
import type vocabulary from '../vocabulary/messages/en.json';
import type app from './messages/en.json';

/** Every area with messages: from here `t('…')` knows its keys. A test finds an area that is missing. */
declare module '../lib/i18n/i18n.ts' {
  interface MessageCatalogs {
    accounts: typeof accounts;
    administration: typeof administration;
    app: typeof app;
    calibration: typeof calibration;
    changes: typeof changes;
    comparisons: typeof comparisons;
    components: typeof components;
    contributors: typeof contributors;
    conversation: typeof conversation;
    editor: typeof editor;
    datasets: typeof datasets;
    diff: typeof diff;
    drafts: typeof drafts;
    entries: typeof entries;
    flags: typeof flags;
    formats: typeof formats;
    home: typeof home;
    imports: typeof imports;
    moderation: typeof moderation;
    pairs: typeof pairs;
    publish: typeof publish;
    ratings: typeof ratings;
    reliability: typeof reliability;
    reviews: typeof reviews;
    rows: typeof rows;
    snapshots: typeof snapshots;
    source: typeof source;
    vocabulary: typeof vocabulary;
  }
}

import type { ComponentType } from 'react';
import type { Permission } from '@granary/contract';
import { paths } from '../config/paths.ts';

export type PageRoute = {
  path: string;
  /** Areas whose words the page shows (folders under `src/features`, or `vocabulary`): they travel together with its code. */
  areas: string[];
  /** Who may open it; everyone unless stated. The server decides anew with every request. */
  access?: Permission;
  /** The page's module; its default export is the page. */
  load: () => Promise<{ default: ComponentType }>;
};

/** The small pages around signing in share one file. */
function accountPage(name: keyof typeof import('./pages/account-pages.tsx')): PageRoute['load'] {
  return async () => ({ default: (await import('./pages/account-pages.tsx'))[name] });
}

/** So do those around a snapshot: who opens one is likely to open the next. */
function snapshotPage(name: keyof typeof import('./pages/snapshot-pages.tsx')): PageRoute['load'] {
  return async () => ({ default: (await import('./pages/snapshot-pages.tsx'))[name] });
}

/** Every page: a file in `pages/`, loaded when it is first opened. */
export const routes: PageRoute[] = [
  { path: paths.home.pattern, areas: ['home'], load: () => import('./pages/home-page.tsx') },
  { path: paths.contribute.pattern, areas: ['entries'], load: () => import('./pages/contribute-page.tsx') },
  { path: paths.write.pattern, areas: ['entries', 'drafts'], load: () => import('./pages/write-page.tsx') },
  { path: paths.openInstructions.pattern, areas: ['entries'], load: () => import('./pages/open-instructions-page.tsx') },
  { path: paths.respond.pattern, areas: ['entries', 'drafts'], load: () => import('./pages/respond-page.tsx') },
  { path: paths.followUp.pattern, areas: ['entries', 'drafts'], load: () => import('./pages/follow-up-page.tsx') },
  {
    path: paths.editEntry.pattern,
    areas: ['entries', 'drafts', 'vocabulary'],
    access: 'entries:write',
    load: () => import('./pages/edit-entry-page.tsx'),
  },
  {
    path: paths.proposeEdit.pattern,
    areas: ['entries', 'drafts', 'vocabulary'],
    access: 'entries:write',
    load: () => import('./pages/propose-page.tsx'),
  },
  {
    path: paths.myContributions.pattern,
    areas: ['entries', 'vocabulary'],
    access: 'account:read',
    load: () => import('./pages/my-contributions-page.tsx'),
  },
  { path: paths.myDrafts.pattern, areas: ['drafts'], access: 'account:read', load: () => import('./pages/my-drafts-page.tsx') },
  {
    path: paths.review.pattern,
    areas: ['reviews', 'diff', 'source', 'vocabulary'],
    access: 'reviews:write',
    load: () => import('./pages/review-page.tsx'),
  },
  {
    path: paths.compare.pattern,
    areas: ['comparisons', 'source'],
    access: 'entries:write',
    load: () => import('./pages/compare-page.tsx'),
  },
  {
    path: paths.myReviews.pattern,
    areas: ['reviews', 'reliability', 'vocabulary'],
    access: 'account:read',
    load: () => import('./pages/my-reviews-page.tsx'),
  },
  { path: paths.browse.pattern, areas: ['pairs', 'source', 'vocabulary'], load: () => import('./pages/browse-page.tsx') },
  {
    path: paths.entry.pattern,
    areas: ['conversation', 'diff', 'source', 'flags', 'moderation', 'calibration', 'ratings', 'comparisons', 'vocabulary'],
    load: () => import('./pages/entry-page.tsx'),
  },
  { path: paths.contributor.pattern, areas: ['contributors', 'pairs', 'vocabulary'], load: () => import('./pages/contributor-page.tsx') },
  { path: paths.datasets.pattern, areas: ['datasets'], load: () => import('./pages/datasets-page.tsx') },
  { path: paths.dataset.pattern, areas: ['datasets'], load: () => import('./pages/dataset-page.tsx') },
  { path: paths.terms.pattern, areas: ['datasets'], load: () => import('./pages/terms-page.tsx') },
  { path: paths.agreement.pattern, areas: ['datasets', 'reliability'], load: () => import('./pages/agreement-page.tsx') },
  { path: paths.snapshots.pattern, areas: ['snapshots'], load: snapshotPage('SnapshotsPage') },
  { path: paths.snapshot.pattern, areas: ['snapshots'], load: snapshotPage('SnapshotPage') },
  { path: paths.rows.pattern, areas: ['snapshots', 'rows', 'source'], load: snapshotPage('RowsPage') },
  { path: paths.row.pattern, areas: ['snapshots', 'rows', 'source', 'vocabulary'], load: snapshotPage('RowPage') },
  { path: paths.findRow.pattern, areas: ['rows'], load: snapshotPage('FindRowPage') },
  { path: paths.formats.pattern, areas: ['snapshots', 'rows', 'formats'], load: snapshotPage('FormatsPage') },
  { path: paths.changes.pattern, areas: ['snapshots', 'changes', 'diff'], load: snapshotPage('ChangesPage') },
  { path: paths.publish.pattern, areas: ['publish'], access: 'snapshots:publish', load: () => import('./pages/publish-page.tsx') },
  { path: paths.publishing.pattern, areas: ['publish'], access: 'snapshots:publish', load: () => import('./pages/publishing-page.tsx') },
  {
    path: paths.moderate.pattern,
    areas: ['moderation', 'vocabulary'],
    access: 'moderation:act',
    load: () => import('./pages/moderate-page.tsx'),
  },
  {
    path: paths.calibration.pattern,
    areas: ['calibration', 'vocabulary'],
    access: 'moderation:act',
    load: () => import('./pages/calibration-page.tsx'),
  },
  { path: paths.users.pattern, areas: ['moderation'], access: 'moderation:act', load: () => import('./pages/users-page.tsx') },
  {
    path: paths.user.pattern,
    areas: ['moderation', 'reliability', 'vocabulary'],
    access: 'moderation:act',
    load: () => import('./pages/user-page.tsx'),
  },
  {
    path: paths.eventLog.pattern,
    areas: ['moderation', 'vocabulary'],
    access: 'moderation:act',
    load: () => import('./pages/event-log-page.tsx'),
  },
  {
    path: paths.newDataset.pattern,
    areas: ['editor'],
    access: 'datasets:manage',
    load: () => import('./pages/new-dataset-page.tsx'),
  },
  {
    path: paths.editDataset.pattern,
    areas: [],
    access: 'datasets:manage',
    load: async () => ({ default: (await import('./pages/edit-dataset-page.tsx')).FirstSettingsPage }),
  },
  {
    path: paths.datasetSettings.pattern,
    areas: ['editor', 'reliability'],
    access: 'datasets:manage',
    load: async () => ({ default: (await import('./pages/edit-dataset-page.tsx')).DatasetSettingsPage }),
  },
  { path: paths.imports.pattern, areas: ['imports', 'vocabulary'], access: 'imports:run', load: () => import('./pages/imports-page.tsx') },
  { path: paths.import.pattern, areas: ['imports', 'vocabulary'], access: 'imports:run', load: () => import('./pages/import-page.tsx') },
  { path: paths.admin.pattern, areas: ['administration'], access: 'accounts:manage', load: () => import('./pages/admin-page.tsx') },
  {
    path: paths.passwordResets.pattern,
    areas: ['administration'],
    access: 'accounts:manage',
    load: () => import('./pages/password-resets-page.tsx'),
  },
  { path: paths.signIn.pattern, areas: ['accounts'], load: accountPage('SignInPage') },
  { path: paths.signUp.pattern, areas: ['accounts'], load: accountPage('SignUpPage') },
  { path: paths.setup.pattern, areas: ['accounts'], load: accountPage('SetupPage') },
  { path: paths.forgotPassword.pattern, areas: ['accounts'], load: accountPage('ForgotPasswordPage') },
  { path: paths.resetPassword.pattern, areas: ['accounts'], load: accountPage('ResetPasswordPage') },
  { path: paths.confirmEmail.pattern, areas: ['accounts'], load: accountPage('ConfirmEmailPage') },
  { path: paths.account.pattern, areas: ['accounts'], access: 'account:manage', load: () => import('./pages/account-page.tsx') },
];

if (import.meta.env.DEV) {
  routes.push({ path: '/dev/components', areas: ['diff'], load: () => import('./pages/dev-components-page.tsx') });
}

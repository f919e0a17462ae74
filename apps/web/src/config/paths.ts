const part = encodeURIComponent;

/** Every address of the page. Routes use the patterns (`paths.dataset.pattern`), links the functions (`paths.dataset.to(slug)`). */
function path<A extends unknown[]>(pattern: string, to: (...values: A) => string) {
  return { pattern, to };
}
const bySlug = (suffix = '') => path(`/datasets/:slug${suffix}`, (slug: string) => `/datasets/${part(slug)}${suffix}`);
const ofSnapshot = (suffix = '') =>
  path(`/datasets/:slug/snapshots/:number${suffix}`, (slug: string, number: number | string, query: Record<string, string> = {}) =>
    withQuery(`/datasets/${part(slug)}/snapshots/${number}${suffix}`, query),
  );
const fixed = (address: string) => path(address, () => address);

export const paths = {
  home: fixed('/'),
  // Contribute
  contribute: fixed('/contribute'),
  write: path('/datasets/:slug/contribute', (slug: string, query: { category?: string; draft?: string } = {}) =>
    withQuery(`/datasets/${part(slug)}/contribute`, query),
  ),
  openInstructions: bySlug('/open-instructions'),
  respond: path('/entries/:id/respond', (instructionId: string) => `/entries/${part(instructionId)}/respond`),
  followUp: path('/entries/:id/follow-up', (responseId: string) => `/entries/${part(responseId)}/follow-up`),
  editEntry: path('/entries/:id/edit', (id: string) => `/entries/${part(id)}/edit`),
  proposeEdit: path('/entries/:id/propose', (id: string) => `/entries/${part(id)}/propose`),
  myContributions: fixed('/my/contributions'),
  myDrafts: fixed('/my/drafts'),
  // Review
  review: fixed('/review'),
  myReviews: fixed('/my/reviews'),
  compare: path('/compare', (query: { dataset?: string } = {}) => withQuery('/compare', query)),
  // Browse
  browse: path('/browse', (query: Record<string, string | undefined> = {}) => withQuery('/browse', query)),
  entry: path('/entries/:id', (id: string) => `/entries/${part(id)}`),
  contributor: path('/contributors/:id', (id: string) => `/contributors/${part(id)}`),
  // Datasets and snapshots
  datasets: fixed('/datasets'),
  dataset: bySlug(),
  terms: bySlug('/terms'),
  agreement: bySlug('/agreement'),
  snapshots: bySlug('/snapshots'),
  snapshot: ofSnapshot(),
  rows: ofSnapshot('/rows'),
  row: path(
    '/datasets/:slug/snapshots/:number/rows/:id',
    (slug: string, number: number | string, id: string) => `/datasets/${part(slug)}/snapshots/${number}/rows/${part(id)}`,
  ),
  findRow: path('/find-row', (query: { dataset?: string } = {}) => withQuery('/find-row', query)),
  formats: ofSnapshot('/formats'),
  changes: ofSnapshot('/changes'),
  // Account
  signIn: path('/sign-in', (query: { next?: string } = {}) => withQuery('/sign-in', query)),
  signUp: path('/sign-up', (query: { next?: string } = {}) => withQuery('/sign-up', query)),
  forgotPassword: fixed('/forgot-password'),
  resetPassword: fixed('/reset-password'),
  confirmEmail: fixed('/confirm-email'),
  setup: fixed('/setup'),
  account: fixed('/account'),
  // Moderate
  moderate: fixed('/moderate'),
  calibration: path('/moderate/calibration', (query: { dataset?: string } = {}) => withQuery('/moderate/calibration', query)),
  users: fixed('/moderate/users'),
  user: path('/moderate/users/:id', (id: string) => `/moderate/users/${part(id)}`),
  eventLog: path('/moderate/events', (query: { entryId?: string; userId?: string } = {}) => withQuery('/moderate/events', query)),
  // Administer
  admin: fixed('/admin'),
  newDataset: fixed('/admin/datasets/new'),
  editDataset: path('/admin/datasets/:slug', (slug: string) => `/admin/datasets/${part(slug)}`),
  datasetSettings: path(
    '/admin/datasets/:slug/settings/:section',
    (slug: string, section: string) => `/admin/datasets/${part(slug)}/settings/${section}`,
  ),
  publish: path('/admin/datasets/:slug/publish', (slug: string) => `/admin/datasets/${part(slug)}/publish`),
  publishing: path('/admin/datasets/:slug/publishing', (slug: string) => `/admin/datasets/${part(slug)}/publishing`),
  imports: path('/admin/datasets/:slug/imports', (slug: string) => `/admin/datasets/${part(slug)}/imports`),
  import: path('/admin/imports/:id', (id: string) => `/admin/imports/${part(id)}`),
  passwordResets: fixed('/admin/password-resets'),
  // Outside the page
  apiDocs: fixed('/api/docs'),
  snapshotFeed: path('', (slug: string) => `/api/v1/datasets/${part(slug)}/snapshots/feed.atom`),
} as const;

function withQuery(address: string, query: Record<string, string | undefined>): string {
  const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return search.size === 0 ? address : `${address}?${search}`;
}

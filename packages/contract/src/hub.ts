import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { cursorSchema, integerInAddress, switchInAddressSchema, text, timestampSchema } from './primitives.ts';

/**
 * The read protocol of the Hugging Face Hub, as the clients `huggingface_hub` (Python) and `@huggingface/hub` (JavaScript) speak
 * it: a dataset is a repository, a published snapshot a commit. Names and shapes are the Hub's own; what it tells beyond what
 * is here (discussions, scans, downloads) has no counterpart.
 * Source: https://huggingface.co/docs/hub/api and the code of both clients.
 */

/** The one namespace of a deployment: `load_dataset("granary/<slug>")`. */
export const hubNamespace = 'granary';

/** SHA-1 names of the Hub: of a commit, a file, a folder. 40 hex digits. */
const oidSchema = z.string().regex(/^[0-9a-f]{40}$/);
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const switchSchema = switchInAddressSchema.default(false);
/** One value or several, as an address or a form repeats them. */
const severalSchema = z.union([z.array(text({ max: 1_000 })).max(1_000), text({ max: 1_000 }).transform((value) => [value])]).default([]);
/** More than a page holds is a page: clients go on by themselves. */
const limitSchema = integerInAddress({ min: 1 })
  .default(1_000)
  .transform((value) => Math.min(value, 1_000));

/** Names are as lenient as the Hub's: one that fits nothing is answered with 404, which its clients understand. */
const nameSchema = text({ min: 1, max: 200 });
const pathSchema = text({ max: 1_000 });
const repositoryParams = z.object({
  namespace: nameSchema.meta({ examples: [hubNamespace] }),
  slug: nameSchema.meta({ examples: ['granary-open'] }),
});
const revisionParams = repositoryParams.extend({ revision: nameSchema.meta({ examples: ['main', 'v3'] }) });
const pathParams = revisionParams.extend({ '*': pathSchema });

const lastCommitSchema = z.object({ id: oidSchema, title: z.string(), date: timestampSchema });
const hubFileSchema = z.object({
  type: z.literal('file'),
  oid: oidSchema,
  size: z.int(),
  path: z.string(),
  /** For files with rows, and very large ones: the Hub keeps these apart from Git, by their SHA-256. */
  lfs: z.object({ oid: sha256Schema, size: z.int(), pointerSize: z.int() }).optional(),
  lastCommit: lastCommitSchema.optional(),
});
const hubFolderSchema = z.object({
  type: z.literal('directory'),
  oid: oidSchema,
  size: z.literal(0),
  path: z.string(),
  lastCommit: lastCommitSchema.optional(),
});
export const hubEntrySchema = z.discriminatedUnion('type', [hubFileSchema, hubFolderSchema]);
export type HubEntry = z.infer<typeof hubEntrySchema>;

const siblingSchema = z.object({
  rfilename: z.string(),
  size: z.int().optional(),
  blobId: oidSchema.optional(),
  lfs: z.object({ sha256: sha256Schema, size: z.int(), pointerSize: z.int() }).optional(),
});
export const hubDatasetSchema = z.object({
  _id: z.string(),
  id: z.string().meta({ examples: ['granary/granary-open'] }),
  author: z.string(),
  sha: oidSchema,
  lastModified: timestampSchema,
  createdAt: timestampSchema,
  private: z.literal(false),
  gated: z.literal(false),
  disabled: z.literal(false),
  description: z.string(),
  /** Neither is counted: always 0. Clients expect a number. */
  downloads: z.literal(0),
  likes: z.literal(0),
  tags: z.array(z.string()),
  /** Bytes of all files of this revision. */
  usedStorage: z.int(),
  /** The YAML block at the head of the card. */
  cardData: z.record(z.string(), z.unknown()).optional(),
  siblings: z.array(siblingSchema).optional(),
});
export type HubDataset = z.infer<typeof hubDatasetSchema>;

const refSchema = z.object({ name: z.string(), ref: z.string(), targetCommit: oidSchema });
export const hubRefsSchema = z.object({
  branches: z.array(refSchema),
  converts: z.array(refSchema),
  tags: z.array(refSchema),
  pullRequests: z.array(refSchema),
});
export type HubRefs = z.infer<typeof hubRefsSchema>;
export const hubCommitSchema = z.object({
  id: oidSchema,
  title: z.string(),
  message: z.string(),
  authors: z.array(z.object({ user: z.string() })),
  date: timestampSchema,
});
export type HubCommit = z.infer<typeof hubCommitSchema>;

const cursorQuery = { cursor: cursorSchema.optional() };
const treeQuery = z.object({
  recursive: switchSchema,
  expand: switchSchema,
  limit: limitSchema,
  ...cursorQuery,
});
const pageNote = 'The header `Link` names the next page, if there is one.';
const treeDescription = `Folders come before files. ${pageNote}`;
const revisionNote =
  'A revision is `main` (the newest published snapshot), `v3` (the snapshot of that number) or the first 40 digits of the SHA-256 of its `manifest.json`.';
/** Clients tell apart what is missing by the header `X-Error-Code`: RepoNotFound, RevisionNotFound or EntryNotFound. */
const missing = { errors: ['not_found'] } as const;
const common = { tag: 'Hugging Face Hub', permission: 'public' } as const;
const repository = '/api/datasets/:namespace/:slug';
export const hubEndpoints = {
  list: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/api/datasets',
    summary: 'Datasets that have a published snapshot',
    description: `\`search\` looks at names and titles, \`filter\` at tags such as \`language:en\`. ${pageNote}`,
    query: z.object({
      search: severalSchema,
      author: text({ max: 200 }).optional(),
      filter: severalSchema,
      /** `lastModified`, `createdAt` and `id` have a meaning here; all else is taken for `lastModified`. */
      sort: text({ max: 100 }).optional(),
      full: switchSchema,
      limit: limitSchema,
      ...cursorQuery,
    }),
    response: z.array(hubDatasetSchema),
  }),
  get: defineEndpoint({
    ...common,
    method: 'GET',
    path: repository,
    summary: 'A dataset as it is on `main`',
    params: repositoryParams,
    query: z.object({ blobs: switchSchema }),
    response: hubDatasetSchema,
    ...missing,
  }),
  revision: defineEndpoint({
    ...common,
    method: 'GET',
    path: `${repository}/revision/:revision`,
    summary: 'A dataset as it is at a revision',
    description: revisionNote,
    params: revisionParams,
    query: z.object({ blobs: switchSchema }),
    response: hubDatasetSchema,
    ...missing,
  }),
  tree: defineEndpoint({
    ...common,
    method: 'GET',
    path: `${repository}/tree/:revision`,
    summary: 'Files and folders of a revision',
    description: treeDescription,
    params: revisionParams,
    query: treeQuery,
    response: z.array(hubEntrySchema),
    ...missing,
  }),
  subtree: defineEndpoint({
    ...common,
    method: 'GET',
    path: `${repository}/tree/:revision/*`,
    summary: 'Files and folders below a folder',
    description: treeDescription,
    params: pathParams,
    query: treeQuery,
    response: z.array(hubEntrySchema),
    ...missing,
  }),
  pathsInfo: defineEndpoint({
    ...common,
    method: 'POST',
    path: `${repository}/paths-info/:revision`,
    summary: 'Tells of these paths; those that do not exist are left out',
    description:
      'Changes nothing; the paths are in the body because there may be many. JSON, or a form (`application/x-www-form-urlencoded`).',
    params: revisionParams,
    body: z.object({ paths: severalSchema, expand: switchSchema }),
    response: z.array(hubEntrySchema),
    examples: { body: { paths: ['README.md'] } },
    ...missing,
  }),
  refs: defineEndpoint({
    ...common,
    method: 'GET',
    path: `${repository}/refs`,
    summary: 'The branch `main`, and a tag for each published snapshot',
    params: repositoryParams,
    response: hubRefsSchema,
    ...missing,
  }),
  commits: defineEndpoint({
    ...common,
    method: 'GET',
    path: `${repository}/commits/:revision`,
    summary: 'Published snapshots up to a revision, newest first',
    description: pageNote,
    params: revisionParams,
    query: z.object({ limit: limitSchema, ...cursorQuery }),
    response: z.array(hubCommitSchema),
    ...missing,
  }),
  authCheck: defineEndpoint({
    ...common,
    method: 'GET',
    path: `${repository}/auth-check`,
    summary: 'Whether the dataset may be read: 200 when there is one',
    params: repositoryParams,
    response: z.object({}),
    ...missing,
  }),
  resolve: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/datasets/:namespace/:slug/resolve/:revision/*',
    kind: 'file',
    cacheable: true,
    revalidates: true,
    summary: 'A file of a revision',
    description: `Takes \`Range\` and \`If-None-Match\`. ${revisionNote}`,
    params: pathParams,
    errors: ['not_found', 'range_unsatisfiable'],
  }),
  raw: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/datasets/:namespace/:slug/raw/:revision/*',
    kind: 'file',
    cacheable: true,
    revalidates: true,
    summary: 'A file as Git holds it: of one with rows, the LFS pointer',
    params: pathParams,
    errors: ['not_found', 'range_unsatisfiable'],
  }),
};

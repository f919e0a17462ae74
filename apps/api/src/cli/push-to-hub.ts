import { commit, createBranch, createRepo, downloadFile, HubApiError } from '@huggingface/hub';
import type { CommitOperation } from '@huggingface/hub';
import type { Snapshot, SnapshotFile } from '@granary/contract';
import * as z from 'zod';
import type { Client } from './client.ts';
import { NotReachableError, RefusedError } from './errors.ts';
import { createPushProgress, withRetries } from './push-progress.ts';
import { ServerFile } from './server-file.ts';
import { count, counted, type Terminal } from './terminal.ts';

/** `branch`: where to commit; without one `main`, which is never taken back to an older snapshot. */
export type Hub = { repo: string; branch: string | undefined; endpoint: string; token: string };

const manifestName = 'manifest.json';
/** Of a manifest in a repository, which may be of any version. */
const pushedSchema = z.object({
  dataset: z.object({ slug: z.string() }).optional(),
  snapshot: z.int().optional(),
  files: z.array(z.object({ name: z.string() })),
});
type Pushed = z.output<typeof pushedSchema>;
const refSchema = z.object({ name: z.string(), targetCommit: z.string() });
const refsSchema = z.object({ branches: z.array(refSchema), tags: z.array(refSchema) });
type Refs = z.output<typeof refsSchema>;

/**
 * Pushes the files of a snapshot to a dataset repository of the Hub: one commit on `main`, or the branch that is asked for, with the tag `vN`.
 * Large files are streamed from the server to the Hub's storage one by one; what that has already, from this push broken off or from an
 * earlier snapshot, is not sent again. Files that the last snapshot had and this one has not are removed; what somebody else added stays.
 * Throws RefusedError before anything is sent when the tag points to something else, or when `main` holds a newer snapshot.
 */
export async function pushToHub(hub: Hub, client: Client, snapshot: Snapshot, terminal: Terminal): Promise<void> {
  const version = `v${snapshot.number}`;
  const revision = hub.branch ?? 'main';
  const place = `${hub.endpoint}/datasets/${hub.repo}${hub.branch === undefined ? '' : `@${hub.branch}`}`;
  try {
    await ensureRepo(hub);
    const manifest = await ownManifest(client, snapshot);
    const refs = await readRefs(hub, terminal);
    const isTagged = await holdsTag(hub, refs, version, manifest);
    await ensureBranch(hub);
    const pushed = await manifestAt(hub, revision);
    const newer = hub.branch === undefined ? newerOf(pushed, manifest) : null;
    if (newer !== null && !isTagged) throw new RefusedError(wouldGoBack(hub, version, newer));
    const isThere = newer !== null || pushed === manifest;
    const change = { removed: removedOf(pushed, snapshot), parent: commitOf(refs.branches, revision) };
    const commit = isThere ? revision : await commitFiles(hub, client, snapshot, change, terminal);
    const isSet = !isTagged && (await setTag(hub, version, commit, manifest, terminal));
    const state = isThere ? 'there already' : `${counted(snapshot.files.length, 'file')} committed`;
    terminal.print(`${place}  ${state}; the tag ${version} is ${isSet ? 'set' : 'there already'}.`);
  } catch (error) {
    if (error instanceof RefusedError || error instanceof NotReachableError) throw error;
    throw new RefusedError(
      `The push to ${hub.endpoint} broke off: ${reasonOf(error)} The same command goes on; large files that arrived are not sent again.`,
    );
  }
}

const accessTo = ({ repo, endpoint, token }: Hub) => ({
  repo: { type: 'dataset' as const, name: repo },
  hubUrl: endpoint,
  accessToken: token,
});

async function ensureRepo(hub: Hub): Promise<void> {
  await createRepo(accessTo(hub)).catch(passOver(409));
}

/** A branch that is new begins as what `main` is. */
async function ensureBranch(hub: Hub): Promise<void> {
  const { branch } = hub;
  if (branch !== undefined && branch !== 'main') await createBranch({ ...accessTo(hub), branch }).catch(passOver(409));
}

const passOver = (status: number) => (error: unknown) => {
  if (!(error instanceof HubApiError) || error.statusCode !== status) throw error;
};

/** What says which content a revision has: it names the SHA-256 of every file. */
async function ownManifest(client: Client, snapshot: Snapshot): Promise<string> {
  const file = snapshot.files.find(({ name }) => name === manifestName);
  if (file === undefined) throw new RefusedError(`v${snapshot.number} has no ${manifestName}, so what was pushed of it could not be told.`);
  return whole(client, file).text();
}

async function manifestAt(hub: Hub, revision: string): Promise<string | null> {
  const found = await downloadFile({ ...accessTo(hub), path: manifestName, revision, xet: false });
  return found === null ? null : found.text();
}

/** What the branches and tags of the repository point to. */
function readRefs(hub: Hub, terminal: Terminal): Promise<Refs> {
  const once = async () => {
    const response = await fetch(`${hub.endpoint}/api/datasets/${hub.repo}/refs`, { headers: { authorization: `Bearer ${hub.token}` } });
    if (response.ok) return refsSchema.parse(await response.json());
    await response.body?.cancel();
    const message = `The branches and tags of ${hub.repo} could not be read: the Hub answered ${response.status}.`;
    throw response.status >= 500 ? new Error(message) : new RefusedError(message);
  };
  return withRetries(terminal, hub.repo, once, mayPass);
}

const commitOf = (refs: Refs['tags'], wanted: string) => refs.find(({ name }) => name === wanted)?.targetCommit;

/** Whether there is the tag. Throws RefusedError when it points to something else than the snapshot of the manifest. */
async function holdsTag(hub: Hub, refs: Refs, version: string, manifest: string): Promise<boolean> {
  const commit = commitOf(refs.tags, version);
  if (commit === undefined) return false;
  if ((await manifestAt(hub, commit)) === manifest) return true;
  throw new RefusedError(
    `The tag ${version} of ${hub.repo} points to commit ${commit}, which is not this snapshot. A tag is never moved: remove it on the Hub if it is wrong, or push to another repository.`,
  );
}

/** Null where nothing, or no manifest of ours, is. */
function readPushed(manifest: string | null): Pushed | null {
  try {
    return manifest === null ? null : pushedSchema.parse(JSON.parse(manifest));
  } catch {
    return null;
  }
}

/** The number of the snapshot that was pushed, when it is a later one of the same dataset. */
function newerOf(pushed: string | null, manifest: string): number | null {
  const [there, own] = [readPushed(pushed), readPushed(manifest)];
  if (there?.snapshot === undefined || own?.snapshot === undefined || there.dataset?.slug !== own.dataset?.slug) return null;
  return there.snapshot > own.snapshot ? there.snapshot : null;
}

const wouldGoBack = ({ repo }: Hub, version: string, newer: number) =>
  `The branch main of ${repo} holds v${newer} and would go back to ${version}. Name a branch to push ${version} to, such as --to hf://datasets/${repo}@older; to take main back, name it: --to hf://datasets/${repo}@main.`;

function removedOf(manifest: string | null, { files }: Snapshot): string[] {
  const kept = new Set(files.map(({ name }) => name));
  return (readPushed(manifest)?.files ?? []).map(({ name }) => name).filter((name) => !kept.has(name));
}

const whole = (client: Client, file: SnapshotFile, onBytes = (_bytes: number) => {}) =>
  new ServerFile(client, file, { start: 0, end: file.bytes }, onBytes);

/** What a commit takes away, and what it builds on: when the branch has moved since that was looked at, nothing is committed. */
type Change = { removed: readonly string[]; parent: string | undefined };

/** Resolves to the commit. */
async function commitFiles(hub: Hub, client: Client, snapshot: Snapshot, { removed, parent }: Change, terminal: Terminal): Promise<string> {
  const progress = createPushProgress(
    terminal,
    // Every byte is read twice where it has to be sent: to be hashed, and to be sent.
    2 * snapshot.files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const once = async () => {
    const counters = snapshot.files.map((file) => ({ file, ...progress.attempt(file.name, 2 * file.bytes) }));
    const operations: CommitOperation[] = [
      ...counters.map(({ file, onBytes }) => ({
        operation: 'addOrUpdate' as const,
        path: file.name,
        content: whole(client, file, onBytes),
      })),
      ...removed.map((path) => ({ operation: 'delete' as const, path })),
    ];
    let brought = false;
    try {
      const made = await commit({
        ...accessTo(hub),
        ...(hub.branch === undefined ? {} : { branch: hub.branch }),
        ...(parent === undefined ? {} : { parentCommit: parent }),
        title: `Publish v${snapshot.number}`,
        description: `${count(snapshot.counts?.pairs ?? 0)} pairs; content hash ${snapshot.contentHash ?? ''}.`,
        operations,
        // Git LFS, which every Hub speaks, and which takes a stream as it comes.
        useXet: false,
      });
      brought = true;
      if (!made) throw new RefusedError('The Hub did not say what it committed.');
      return made.commit.oid;
    } catch (error) {
      if (!(error instanceof HubApiError) || error.statusCode !== 412) throw error;
      throw new RefusedError(
        `The branch ${hub.branch ?? 'main'} of ${hub.repo} has moved while the files were sent. Nothing was committed; give the command again.`,
      );
    } finally {
      for (const { settle } of counters) settle(brought);
    }
  };
  try {
    return await withRetries(terminal, hub.repo, once, mayPass);
  } finally {
    progress.end();
  }
}

/** False when somebody was faster. Throws RefusedError when they set it on something else. */
async function setTag(hub: Hub, version: string, revision: string, manifest: string, terminal: Terminal): Promise<boolean> {
  const response = await fetch(`${hub.endpoint}/api/datasets/${hub.repo}/tag/${encodeURIComponent(revision)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ tag: version }),
  });
  await response.body?.cancel();
  if (response.ok) return true;
  if (response.status === 409 && (await holdsTag(hub, await readRefs(hub, terminal), version, manifest))) return false;
  throw new RefusedError(`The files are there, but the tag ${version} could not be set: the Hub answered ${response.status}.`);
}

const mayPass = (error: unknown) => (error instanceof HubApiError ? error.statusCode >= 500 : !(error instanceof RefusedError));

function reasonOf(error: unknown): string {
  if (error instanceof HubApiError && (error.statusCode === 401 || error.statusCode === 403))
    return `the Hub answered ${error.statusCode}: the token in HF_TOKEN may not write there.`;
  const { message, cause } = error as Error & { cause?: { code?: string } };
  const text = cause?.code === undefined ? message : `${message} (${cause.code})`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

import { commit, createRepo, downloadFile, HubApiError } from '@huggingface/hub';
import type { CommitOperation } from '@huggingface/hub';
import type { Snapshot, SnapshotFile } from '@granary/contract';
import * as z from 'zod';
import type { Client } from './client.ts';
import { NotReachableError, RefusedError } from './errors.ts';
import { createPushProgress, withRetries } from './push-progress.ts';
import { ServerFile } from './server-file.ts';
import { count, counted, type Terminal } from './terminal.ts';

type Hub = { repo: string; endpoint: string; token: string };

const manifestName = 'manifest.json';
/** Of a manifest in a repository, which may be of any version: what it says was pushed. */
const listedSchema = z.object({ files: z.array(z.object({ name: z.string() })) });

/**
 * Pushes the files of a snapshot to a dataset repository of the Hub: one commit on `main`, with the tag `vN`. Large files are streamed from
 * the server to the Hub's storage one by one; what that has already, from this push broken off or from an earlier snapshot, is not sent
 * again. Files that the last snapshot had and this one has not are removed; what somebody else added stays.
 */
export async function pushToHub(hub: Hub, client: Client, snapshot: Snapshot, terminal: Terminal): Promise<void> {
  const version = `v${snapshot.number}`;
  try {
    await ensureRepo(hub);
    const manifest = snapshot.files.find(({ name }) => name === manifestName);
    const pushed = await pushedManifest(hub);
    const isSame = manifest !== undefined && pushed !== null && pushed === (await whole(client, manifest).text());
    const revision = isSame ? 'main' : await commitFiles(hub, client, snapshot, removedOf(pushed, snapshot), terminal);
    const tagged = await tag(hub, version, revision);
    const state = isSame ? 'there already' : `${counted(snapshot.files.length, 'file')} committed`;
    terminal.print(`${hub.endpoint}/datasets/${hub.repo}  ${state}; the tag ${version} is ${tagged ? 'set' : 'there already'}.`);
  } catch (error) {
    if (error instanceof RefusedError || error instanceof NotReachableError) throw error;
    throw new RefusedError(
      `The push to ${hub.endpoint} broke off: ${reasonOf(error)} The same command goes on; large files that arrived are not sent again.`,
    );
  }
}

async function ensureRepo({ repo, endpoint, token }: Hub): Promise<void> {
  try {
    await createRepo({ repo: { type: 'dataset', name: repo }, hubUrl: endpoint, accessToken: token });
  } catch (error) {
    if (!(error instanceof HubApiError) || error.statusCode !== 409) throw error;
  }
}

async function pushedManifest({ repo, endpoint, token }: Hub): Promise<string | null> {
  const found = await downloadFile({
    repo: { type: 'dataset', name: repo },
    path: manifestName,
    hubUrl: endpoint,
    accessToken: token,
    xet: false,
  });
  return found === null ? null : found.text();
}

function removedOf(manifest: string | null, { files }: Snapshot): string[] {
  const kept = new Set(files.map(({ name }) => name));
  let listed: z.output<typeof listedSchema> = { files: [] };
  try {
    listed = manifest === null ? listed : listedSchema.parse(JSON.parse(manifest));
  } catch {
    // Not a manifest of ours: nothing is known of what may go.
  }
  return listed.files.map(({ name }) => name).filter((name) => !kept.has(name));
}

const whole = (client: Client, file: SnapshotFile, onBytes = (_bytes: number) => {}) =>
  new ServerFile(client, file, { start: 0, end: file.bytes }, onBytes);

/** Resolves to the commit. */
async function commitFiles(hub: Hub, client: Client, snapshot: Snapshot, removed: readonly string[], terminal: Terminal): Promise<string> {
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
        repo: { type: 'dataset', name: hub.repo },
        hubUrl: hub.endpoint,
        accessToken: hub.token,
        title: `Publish v${snapshot.number}`,
        description: `${count(snapshot.counts?.pairs ?? 0)} pairs; content hash ${snapshot.contentHash ?? ''}.`,
        operations,
        // Git LFS, which every Hub speaks, and which takes a stream as it comes.
        useXet: false,
      });
      brought = true;
      if (!made) throw new RefusedError('The Hub did not say what it committed.');
      return made.commit.oid;
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

/** False when there is such a tag already: a version is set once. */
async function tag({ repo, endpoint, token }: Hub, version: string, revision: string): Promise<boolean> {
  const response = await fetch(`${endpoint}/api/datasets/${repo}/tag/${encodeURIComponent(revision)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ tag: version }),
  });
  await response.body?.cancel();
  if (response.status === 409) return false;
  if (!response.ok)
    throw new RefusedError(`The files are there, but the tag ${version} could not be set: the Hub answered ${response.status}.`);
  return true;
}

const mayPass = (error: unknown) => (error instanceof HubApiError ? error.statusCode >= 500 : !(error instanceof RefusedError));

function reasonOf(error: unknown): string {
  if (error instanceof HubApiError && (error.statusCode === 401 || error.statusCode === 403))
    return `the Hub answered ${error.statusCode}: the token in HF_TOKEN may not write there.`;
  const { message, cause } = error as Error & { cause?: { code?: string } };
  const text = cause?.code === undefined ? message : `${message} (${cause.code})`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

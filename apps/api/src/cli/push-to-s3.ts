import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HeadObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Snapshot, SnapshotFile } from '@granary/contract';
import { createS3Client, partBytes } from '../storage/s3-storage.ts';
import type { S3Options } from '../storage/s3-storage.ts';
import type { Client } from './client.ts';
import { RefusedError } from './errors.ts';
import { createPushProgress, withRetries, type PushAttempt } from './push-progress.ts';
import { readServerFile } from './server-file.ts';
import { count, type Terminal } from './terminal.ts';

/** The user metadata that says which content an object has: what an ETag of S3 says depends on how it was uploaded. */
const hashName = 'sha256';

/**
 * Pushes the files of a snapshot to a bucket, below `prefix/vN/`, one after another as they come from the server. An object that is there with
 * the right size and SHA-256 is left alone, so that a push that was broken off goes on where it was. The manifest comes last: where it is, the
 * snapshot is whole.
 */
export async function pushToS3(options: S3Options, client: Client, snapshot: Snapshot, terminal: Terminal): Promise<void> {
  const store = createS3Client(options);
  const files = snapshot.files.toSorted((a, b) => Number(a.format === 'manifest') - Number(b.format === 'manifest'));
  const progress = createPushProgress(
    terminal,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const folder = `${options.prefix}v${snapshot.number}/`;
  try {
    for (const file of files) {
      const target = { Bucket: options.bucket, Key: folder + file.name };
      const attempt = progress.attempt(file.name, file.bytes);
      const there = await isThere(store, target, file);
      if (!there) await withRetries(terminal, file.name, () => upload(store, target, checked(client, file, attempt), file), mayPass);
      attempt.settle(true);
      terminal.print(`${file.sha256}  s3://${target.Bucket}/${target.Key}  ${there ? 'there already' : `${count(file.bytes)} bytes`}`);
    }
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new RefusedError(`The push to s3://${options.bucket} broke off: ${reasonOf(error)} The same command goes on where it was.`);
  } finally {
    progress.end();
    store.destroy();
  }
}

type Target = { Bucket: string; Key: string };

async function isThere(store: S3Client, target: Target, { bytes, sha256 }: SnapshotFile): Promise<boolean> {
  try {
    const { ContentLength, Metadata } = await store.send(new HeadObjectCommand(target));
    return ContentLength === bytes && Metadata?.[hashName] === sha256;
  } catch (error) {
    if (error instanceof S3ServiceException && (error.name === 'NotFound' || error.name === 'NoSuchKey')) return false;
    throw error;
  }
}

async function upload(
  store: S3Client,
  target: Target,
  content: AsyncIterable<Uint8Array>,
  { mediaType, sha256 }: SnapshotFile,
): Promise<void> {
  // Two parts are in memory at most; an object appears with the last, or not at all.
  const params = { ...target, ContentType: mediaType, Metadata: { [hashName]: sha256 }, Body: Readable.from(content) };
  await new Upload({ client: store, params, partSize: partBytes, queueSize: 2 }).done();
}

/** The bytes of a file. Throws before the last of them is through when they are not those that were published: nothing is then stored. */
async function* checked(client: Client, file: SnapshotFile, { onBytes, settle }: PushAttempt): AsyncGenerator<Uint8Array> {
  settle(false);
  const hash = createHash('sha256');
  for await (const chunk of readServerFile(client, file, { start: 0, end: file.bytes }, onBytes)) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== file.sha256)
    throw new RefusedError(`${file.name} does not have the SHA-256 that the server names. It was not pushed.`);
}

const mayPass = (error: unknown) =>
  error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 500) >= 500 : !(error instanceof RefusedError);

function reasonOf(error: unknown): string {
  const { name, message } = error as Error;
  const text = message === '' || message === 'UnknownError' ? name : message;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { digest } from './digest.ts';
import { checkKey, checkPrefix, StoredFileMissingError } from './storage-key.ts';
import type { Storage } from './storage.ts';

export type S3Options = {
  bucket: string;
  /** Put before every key; empty or ending in a slash. */
  prefix: string;
  region: string;
  /** Address of an S3-compatible store; AWS itself without. */
  endpoint: string | undefined;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  forcePathStyle: boolean;
};

/** Bytes of one part of an upload; with at most 10,000 parts a file may have 80 GB. At most two are in memory. */
export const partBytes = 8 * 1024 * 1024;

/** Long enough to begin a download, or a part of one; what has begun goes on. */
const downloadUrlSeconds = 300;

/** A client of AWS or of a store that speaks like it. Credentials come from where the AWS tools look for them (`AWS_ACCESS_KEY_ID` and so on). */
export function createS3Client({ region, endpoint, forcePathStyle }: Omit<S3Options, 'bucket' | 'prefix'>): S3Client {
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle,
    // Many S3-compatible stores know nothing of the newer checksums that AWS asks for by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** Keeps files in a bucket. */
export function createS3Storage({ bucket, prefix, ...access }: S3Options): Storage {
  const client = createS3Client(access);
  const objectOf = (key: string) => ({ Bucket: bucket, Key: prefix + checkKey(key) });

  return {
    async put(key, content) {
      const target = objectOf(key);
      const { content: measured, result } = digest(content);
      const upload = new Upload({
        client,
        params: { ...target, Body: Readable.from(measured, { objectMode: false }) },
        partSize: partBytes,
        queueSize: 2,
        leavePartsOnError: true,
      });
      try {
        // Nothing is visible before the last step.
        await upload.done();
      } catch (error) {
        await dropParts(client, target, upload);
        throw error;
      }
      return result();
    },
    async get(key, range) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...objectOf(key), ...rangeHeader(range) }));
        if (Body instanceof Readable) return Body;
      } catch (error) {
        if (!isMissing(error)) throw error;
        throw new StoredFileMissingError(key, { cause: error });
      }
      throw new Error(`The store answered without content for ${key}`);
    },
    async stat(key) {
      try {
        const { ContentLength, LastModified } = await client.send(new HeadObjectCommand(objectOf(key)));
        return { bytes: ContentLength ?? 0, modifiedAt: LastModified ?? new Date() };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(objectOf(key)));
    },
    async *list(start) {
      const Prefix = prefix + checkPrefix(start);
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken }));
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key.slice(prefix.length);
        ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (ContinuationToken !== undefined);
    },
    removeUnfinished: (start, before) => abortUploads(client, { Bucket: bucket, Prefix: prefix + checkPrefix(start) }, before),
    downloadUrl(key, { contentType, contentDisposition }) {
      const command = new GetObjectCommand({
        ...objectOf(key),
        ResponseContentType: contentType,
        ResponseContentDisposition: contentDisposition,
      });
      return getSignedUrl(client, command, { expiresIn: downloadUrlSeconds });
    },
    async check() {
      await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }));
    },
    async close() {
      client.destroy();
    },
  };
}

/** Best effort: what went wrong with the upload is what the caller must hear of, not that tidying up after it went wrong too. */
async function dropParts(client: S3Client, target: { Bucket: string; Key: string }, upload: Upload): Promise<void> {
  await upload.abort().catch(() => {});
  if (upload.uploadId === undefined) return;
  await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: upload.uploadId })).catch(() => {});
}

/** Parts of uploads whose process was killed are paid for and never seen. */
async function abortUploads(client: S3Client, below: { Bucket: string; Prefix: string }, before: Date): Promise<number> {
  let removed = 0;
  let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (from !== undefined) {
    const page: ListMultipartUploadsCommandOutput | null = await client
      .send(new ListMultipartUploadsCommand({ ...below, ...from }))
      .catch(ignoreNotImplemented);
    if (page === null) break;
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key === undefined || UploadId === undefined || Initiated === undefined || Initiated >= before) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: below.Bucket, Key, UploadId }));
      removed += 1;
    }
    from = nextPage(page);
  }
  return removed;
}

function rangeHeader(range: { start?: number; end?: number } | undefined): { Range?: string } {
  if (range?.start === undefined && range?.end === undefined) return {};
  return { Range: `bytes=${range.start ?? 0}-${range.end ?? ''}` };
}

function nextPage({ IsTruncated, NextKeyMarker, NextUploadIdMarker }: ListMultipartUploadsCommandOutput) {
  if (!IsTruncated || !NextKeyMarker) return undefined;
  return { KeyMarker: NextKeyMarker, ...(NextUploadIdMarker && { UploadIdMarker: NextUploadIdMarker }) };
}

/** Some stores know no list of uploads, and forget them by themselves. */
function ignoreNotImplemented(error: unknown): null {
  if (error instanceof S3ServiceException && error.name === 'NotImplemented') return null;
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

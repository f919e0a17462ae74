import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config.ts';
import { createLocalStorage } from './local-storage.ts';
import { createS3Storage } from './s3-storage.ts';
import type { S3Options } from './s3-storage.ts';
import type { Storage } from './storage.ts';

/**
 * The storage of a deployment: `file:///folder`, or `s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true`; without
 * an address, the folder given. `downloads` says whether clients are sent to the store for files (`redirect`), which only S3 can do, or get them
 * through the server. Throws ConfigError when the address is not one of these.
 */
export function openStorage(address: string | undefined, defaultFolder: string, downloads: 'redirect' | 'proxy' = 'proxy'): Storage {
  const url = address === undefined ? undefined : parse(address);
  if (url?.protocol === 's3:') {
    const { downloadUrl, ...storage } = createS3Storage(readS3Url(url));
    return downloads === 'redirect' && downloadUrl ? { ...storage, downloadUrl } : storage;
  }
  if (downloads === 'redirect') throw new ConfigError('STORAGE_DOWNLOADS: redirect needs a STORAGE_URL that begins with s3://');
  return createLocalStorage(url === undefined ? defaultFolder : folderOf(url));
}

/** The folder of a storage on local disk; null for one in a bucket. Throws ConfigError. */
export function storageFolder(address: string | undefined, defaultFolder: string): string | null {
  const url = address === undefined ? undefined : parse(address);
  if (url === undefined) return defaultFolder;
  return url.protocol === 's3:' ? null : folderOf(url);
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 's3:' || url?.protocol === 'file:') return url;
  throw new ConfigError('STORAGE_URL: must begin with s3:// or file:///');
}

function folderOf(url: URL): string {
  if (url.host !== '') throw new ConfigError('STORAGE_URL: a folder is written with three slashes, as in file:///var/lib/granary');
  return fileURLToPath(url);
}

const s3Settings = new Set(['endpoint', 'region', 'forcePathStyle']);

/** Reads `s3://bucket/prefix?…`. The region falls back to `AWS_REGION`, then to what stores without regions accept. */
export function readS3Url(url: URL, env: Record<string, string | undefined> = process.env): S3Options {
  const { searchParams: given } = url;
  for (const name of given.keys())
    if (!s3Settings.has(name)) throw new ConfigError(`STORAGE_URL: "${name}" is not one of ${[...s3Settings].join(', ')}`);
  if (url.hostname === '') throw new ConfigError('STORAGE_URL: the bucket is missing, as in s3://bucket/prefix');
  if (url.username !== '' || url.password !== '')
    throw new ConfigError('STORAGE_URL: credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  const endpoint = given.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint))
    throw new ConfigError('STORAGE_URL: endpoint must begin with https:// or http://');
  const pathStyle = given.get('forcePathStyle') ?? 'false';
  if (pathStyle !== 'true' && pathStyle !== 'false') throw new ConfigError('STORAGE_URL: forcePathStyle must be true or false');
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    bucket: url.hostname,
    prefix: folder === '' ? '' : `${folder}/`,
    region: given.get('region') ?? env['AWS_REGION'] ?? 'us-east-1',
    endpoint,
    forcePathStyle: pathStyle === 'true',
  };
}

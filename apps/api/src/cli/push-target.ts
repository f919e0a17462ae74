import type { Snapshot } from '@granary/contract';
import { ConfigError } from '../config.ts';
import { readS3Url } from '../storage/open-storage.ts';
import type { S3Options } from '../storage/s3-storage.ts';
import type { Client } from './client.ts';
import { CliError } from './errors.ts';
import { pushToHub } from './push-to-hub.ts';
import type { Hub } from './push-to-hub.ts';
import { pushToS3 } from './push-to-s3.ts';
import type { Terminal } from './terminal.ts';

/** Where a snapshot is pushed to, checked before anything is built for it. */
export type PushTarget = ({ kind: 'hub' } & Hub) | { kind: 's3'; options: S3Options };
type Env = Record<string, string | undefined>;

const owned = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/;
/** Without a slash, which the addresses of the Hub take for the end of it. */
const branchName = /^[A-Za-z0-9][\w.-]{0,95}$/;

/** Reads `hf://datasets/OWNER/NAME`, with `@BRANCH` or without, or `s3://bucket/prefix?endpoint=…`. Throws CliError. */
export function readPushTarget(text: string, env: Env = process.env): PushTarget {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'hf:') return readHubTarget(text, env);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) throw new CliError('--to says where a snapshot is pushed to; the last day of approvals is --until.');
  if (url?.protocol !== 's3:') throw new CliError(`--to: "${text}" begins neither with hf://datasets/ nor with s3://.`);
  try {
    return { kind: 's3', options: readS3Url(url, env) };
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message.replace(/^STORAGE_URL/, '--to'), { cause: error });
    throw error;
  }
}

function readHubTarget(text: string, env: Env): PushTarget {
  const [, repo, branch] = /^hf:\/\/datasets\/([^?#@]+?)(?:@([^?#@]*?))?\/?$/.exec(text) ?? [];
  if (repo === undefined || !owned.test(repo))
    throw new CliError(`--to: "${text}" is not of the form hf://datasets/OWNER/NAME or hf://datasets/OWNER/NAME@BRANCH.`);
  if (branch !== undefined && !branchName.test(branch))
    throw new CliError(`--to: "${branch}" is no name for a branch: letters, digits, ".", "_" and "-".`);
  // A revision of that name would be both.
  if (branch !== undefined && /^v\d+$/.test(branch)) throw new CliError(`--to: "${branch}" is the name of a tag, not of a branch.`);
  const token = env['HF_TOKEN'];
  if (!token?.startsWith('hf_')) throw new CliError('A push to the Hub needs a token that may write, in HF_TOKEN; it begins with hf_.');
  const endpoint = env['HF_ENDPOINT'] || 'https://huggingface.co';
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) throw new CliError(`HF_ENDPOINT: "${endpoint}" is not an address.`);
  return { kind: 'hub', repo, branch, endpoint: endpoint.replace(/\/+$/, ''), token };
}

/** Pushes every file of a published snapshot. Throws RefusedError, NotReachableError. */
export function push(target: PushTarget, client: Client, snapshot: Snapshot, terminal: Terminal): Promise<void> {
  return target.kind === 'hub' ? pushToHub(target, client, snapshot, terminal) : pushToS3(target.options, client, snapshot, terminal);
}

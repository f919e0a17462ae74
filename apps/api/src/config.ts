import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { trustProxySchema, type TrustProxy } from './trust-proxy.ts';

const flag = z.stringbool({ truthy: ['1', 'true', 'yes', 'on'], falsy: ['0', 'false', 'no', 'off', ''] });

/** Every setting, once. `docs/operations.md` lists them; a wrong value is reported by its name. */
const configSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4321),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .refine(
      (url) => URL.canParse(url),
      'must look like postgresql://user:password@host:5432/database; encode special characters in the password',
    )
    .optional(),
  /** How long a start waits for a PostgreSQL that does not answer yet. */
  DATABASE_WAIT_SECONDS: z.coerce.number().int().min(0).max(3_600).default(30),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  STATEMENT_TIMEOUT: z.coerce.number().min(0.1).max(3_600).default(20),
  STORAGE_URL: z
    .string()
    .regex(/^(s3|file):\/\//, 'must begin with s3:// or file://')
    .optional(),
  STORAGE_DOWNLOADS: z.enum(['proxy', 'redirect']).default('proxy'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional(),
  MAIL_FROM: z.string().default('Granary <granary@localhost>'),
  /** Hosts, with or without port, that webhooks may call though they are private or without TLS; commas between them. */
  WEBHOOK_PRIVATE_HOSTS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    ),
  /** Ports that webhooks may call on hosts not listed in WEBHOOK_PRIVATE_HOSTS; commas between them. */
  WEBHOOK_PORTS: z
    .string()
    .regex(/^\s*\d{1,5}(\s*,\s*\d{1,5})*\s*$/, 'must be port numbers with commas between them, such as 80,443,8443')
    .transform((list) => list.split(',').map(Number))
    .refine((ports) => ports.every((port) => port >= 1 && port <= 65_535), 'must be port numbers from 1 to 65535')
    .default([80, 443, 8443]),
  /** Writes are refused while the disk has less free space; 0 turns the watch off. */
  MIN_FREE_DISK_MB: z.coerce.number().int().min(0).max(1_000_000).default(256),
  /** A process that does not answer for so long is ended; 0 turns the watchdog off. */
  WATCHDOG_SECONDS: z.coerce.number().int().min(0).max(86_400).default(120),
  TRUST_PROXY: trustProxySchema.default(false),
  /** Multiplies every rate limit; 0 turns them off. */
  RATE_LIMIT_FACTOR: z.coerce.number().min(0).max(1_000_000).default(1),
  /** How long headers and body of a request may take to arrive. */
  REQUEST_TIMEOUT_SECONDS: z.coerce.number().min(0.1).max(3_600).default(30),
  WORKER: flag.default(true),
  /** Port of a separate worker's health and metrics. */
  WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(4322),
  DEMO: flag.default(false),
  METRICS: flag.default(true),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('warn'),
});

/** Links in mails must not begin with whatever host a request claims to be for: anyone could have a reset link point at theirs. */
const checkedSchema = configSchema.refine(({ SMTP_URL, PUBLIC_URL }) => SMTP_URL === undefined || PUBLIC_URL !== undefined, {
  path: ['PUBLIC_URL'],
  message: 'is needed with SMTP_URL: links in e-mails begin with it',
});

export type Config = {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string | undefined;
  databasePool: number;
  databaseWaitMs: number;
  /** Longest that one statement of a request may run on PostgreSQL, seconds. */
  statementTimeoutSeconds: number;
  storageUrl: string | undefined;
  /** Whether clients get files through the server, or are sent to the store. */
  storageDownloads: 'proxy' | 'redirect';
  /** Address that links in e-mails begin with; without it, the request's own host. */
  publicUrl: string | undefined;
  sessionSecret: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  webhookPrivateHosts: readonly string[];
  webhookPorts: readonly number[];
  minFreeDiskMb: number;
  watchdogSeconds: number;
  trustProxy: TrustProxy;
  rateLimitFactor: number;
  /** How long headers and body of a request may take to arrive; files have a least speed instead. */
  requestTimeoutMs: number;
  /** Whether this process works on jobs too. */
  worker: boolean;
  workerPort: number;
  demo: boolean;
  metrics: boolean;
  logLevel: z.infer<typeof configSchema>['LOG_LEVEL'];
};

/** A setting is wrong; the message names it and what would be right, in one line without any value. */
export class ConfigError extends Error {}

const argumentNames = { port: 'PORT', host: 'HOST', data: 'DATA_DIR', demo: 'DEMO' } as const;

/** Reads `--port`, `--host`, `--data`, `--demo` and the environment, arguments first. Throws ConfigError. */
export function readConfig(argv: string[], env: Record<string, string | undefined>): Config {
  const merged: Record<string, string | undefined> = {};
  for (const name of Object.keys(configSchema.shape)) merged[name] = env[name] === '' ? undefined : env[name];
  for (const [name, value] of Object.entries(readArguments(argv)))
    merged[argumentNames[name as keyof typeof argumentNames]] = String(value);
  const parsed = checkedSchema.safeParse(merged);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const option = Object.entries(argumentNames).find(([, setting]) => setting === name)?.[0];
      // Never the value: it may hold a password, and what is printed at a start is often kept.
      return `${name}${option ? ` (--${option})` : ''}: ${issue.message}`;
    });
    throw new ConfigError(lines.join('; '));
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    dataDir: value.DATA_DIR,
    databaseUrl: value.DATABASE_URL,
    databasePool: value.DATABASE_POOL,
    databaseWaitMs: value.DATABASE_WAIT_SECONDS * 1_000,
    statementTimeoutSeconds: value.STATEMENT_TIMEOUT,
    storageUrl: value.STORAGE_URL,
    storageDownloads: value.STORAGE_DOWNLOADS,
    publicUrl: value.PUBLIC_URL,
    sessionSecret: value.SESSION_SECRET,
    smtpUrl: value.SMTP_URL,
    mailFrom: value.MAIL_FROM,
    webhookPrivateHosts: value.WEBHOOK_PRIVATE_HOSTS,
    webhookPorts: value.WEBHOOK_PORTS,
    minFreeDiskMb: value.MIN_FREE_DISK_MB,
    watchdogSeconds: value.WATCHDOG_SECONDS,
    trustProxy: value.TRUST_PROXY,
    rateLimitFactor: value.RATE_LIMIT_FACTOR,
    requestTimeoutMs: value.REQUEST_TIMEOUT_SECONDS * 1_000,
    worker: value.WORKER,
    workerPort: value.WORKER_PORT,
    demo: value.DEMO,
    metrics: value.METRICS,
    logLevel: value.LOG_LEVEL,
  };
}

/** Names the option, never its value. */
function describeOption(error: unknown, argv: string[]): string {
  const { code } = error as { code?: string };
  const named = /'(--?[\w-]+)/.exec((error as Error).message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return `The option ${named} needs a value, or takes none.`;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${named}.`;
  return `There is a word that belongs to no option among the ${argv.length} given.`;
}

function readArguments(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' }, demo: { type: 'boolean' } },
      strict: true,
    });
    return values;
  } catch (error) {
    throw new ConfigError(
      `${describeOption(error, argv)} Known options: --port NUMBER, --host ADDRESS, --data FOLDER, --demo, --help, --version.`,
      {
        cause: error,
      },
    );
  }
}

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(configSchema.shape);

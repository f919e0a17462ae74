import type { Database } from '@granary/db';
import { ApiError } from '../../errors.ts';
import { createOpenapiDocument } from '../../openapi/document.ts';
import type { Storage } from '../../storage/storage.ts';
import { version } from '../../version.ts';

export type SystemService = ReturnType<typeof createSystemService>;

const databaseTimeoutMs = 3_000;
const storageTimeoutMs = 5_000;
/** Strangers may ask as often as they like; the store is asked this often. */
const storageAskedEveryMs = 5_000;

type Deps = { db: Database; storage: Pick<Storage, 'check'>; now?: () => number };

export function createSystemService({ db, storage, now = Date.now }: Deps) {
  let document: Record<string, unknown> | undefined;
  let asked: { at: number; answer: Promise<void> } | undefined;

  const askStorage = () => {
    if (asked === undefined || now() - asked.at >= storageAskedEveryMs)
      asked = { at: now(), answer: withTimeout(storage.check(), storageTimeoutMs) };
    return asked.answer;
  };
  const askDatabase = () =>
    withTimeout(db.executeSql('SELECT 1'), databaseTimeoutMs).catch((error: unknown) => {
      throw new ApiError('not_ready', 'The database does not answer.', { cause: error });
    });
  const refuseStopping = (stopping: boolean) => {
    if (stopping) throw new ApiError('not_ready', 'The server is stopping.');
  };

  return {
    /** Throws `not_ready` while the process stops and when the database does not answer. */
    async health(stopping: boolean) {
      refuseStopping(stopping);
      await askDatabase();
      return { status: 'ok' as const, version, database: db.kind };
    },

    live: () => ({ status: 'ok' as const, version }),

    /** Throws `not_ready` also when the file store does not answer. */
    async ready(stopping: boolean) {
      refuseStopping(stopping);
      await Promise.all([
        askDatabase(),
        askStorage().catch((error: unknown) => {
          throw new ApiError('not_ready', 'The file store does not answer.', { cause: error });
        }),
      ]);
      return { status: 'ok' as const, version, database: db.kind, storage: 'ok' as const };
    },

    /** The OpenAPI document; it never changes while the process runs. */
    openapi: () => (document ??= createOpenapiDocument(version)),
  };
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

import type { Database } from '@granary/db';
import { ApiError } from '../../errors.ts';
import { createOpenapiDocument } from '../../openapi/document.ts';
import { version } from '../../version.ts';

export type SystemService = ReturnType<typeof createSystemService>;

const databaseTimeoutMs = 3_000;

export function createSystemService({ db }: { db: Database }) {
  let document: Record<string, unknown> | undefined;
  return {
    /** Throws `not_ready` while the process stops and when the database does not answer. */
    async health(stopping: boolean) {
      if (stopping) throw new ApiError('not_ready', 'The server is stopping.');
      await withTimeout(db.executeSql('SELECT 1'), databaseTimeoutMs).catch((error: unknown) => {
        throw new ApiError('not_ready', 'The database does not answer.', { cause: error });
      });
      return { status: 'ok' as const, version, database: db.kind };
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

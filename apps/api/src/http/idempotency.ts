import { createHash } from 'node:crypto';
import { Prisma, queryPrepared, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { ApiError } from '../errors.ts';

const keySchema = z.string().regex(/^[\x21-\x7e]{8,128}$/, 'Use 8 to 128 visible ASCII characters');
const storedSchema = z.object({ endpoint: z.string(), request_hash: z.string(), status: z.number(), body: z.unknown() });

export type StoredReply = { status: number; body: unknown };
export type IdempotencyRow = StoredReply & { key: string; endpoint: string; requestHash: string };

/** Another request with the same key was faster; its answer is the answer. */
export class AlreadyAnswered extends Error {}

/**
 * One write's Idempotency-Key. `remember` belongs into the transaction that does the work: then the work and its answer
 * are committed together, and a repetition can never do it twice.
 */
export type Idempotency = {
  stored(): Promise<StoredReply | null>;
  remember(tx: Transaction, reply: StoredReply): Promise<void>;
  /** The same as a row, for work that is a single statement and writes it along; a violated `idempotency_keys_pkey` means AlreadyAnswered. */
  row(reply: StoredReply): IdempotencyRow;
  remembered(): boolean;
};

export function createIdempotency(db: Database, userId: string, givenKey: string, endpoint: string, input: unknown): Idempotency {
  const parsed = keySchema.safeParse(givenKey);
  if (!parsed.success)
    throw new ApiError('validation_failed', `Idempotency-Key: ${parsed.error.issues[0]?.message ?? ''}`, {
      errors: [{ path: 'Idempotency-Key', message: parsed.error.issues[0]?.message ?? '' }],
    });
  const key = parsed.data;
  const requestHash = createHash('sha256').update(JSON.stringify(input)).digest('hex');
  let done = false;
  return {
    async stored() {
      const [row] = await queryPrepared(
        db,
        storedSchema,
        Prisma.sql`SELECT endpoint, request_hash, status, body FROM idempotency_keys WHERE user_id = ${userId}::uuid AND key = ${key}`,
      );
      if (row === undefined) return null;
      if (row.endpoint !== endpoint || row.request_hash !== requestHash)
        throw new ApiError('idempotency_conflict', 'Use a new Idempotency-Key for every new request.');
      return { status: row.status, body: row.body };
    },
    async remember(tx, reply) {
      const rows = await tx.$executeRaw`
        INSERT INTO idempotency_keys (user_id, key, endpoint, request_hash, status, body)
        VALUES (${userId}::uuid, ${key}, ${endpoint}, ${requestHash}, ${reply.status}, ${JSON.stringify(reply.body ?? null)}::jsonb) ON CONFLICT DO NOTHING`;
      if (rows === 0) throw new AlreadyAnswered();
      done = true;
    },
    row(reply) {
      done = true;
      return { ...reply, key, endpoint, requestHash };
    },
    remembered: () => done,
  };
}

import { Prisma, queryRows, type Database } from '@granary/db';
import * as z from 'zod';

const secondsSchema = z.object({ seconds: z.int() });
export type SignInFailureRepository = ReturnType<typeof createSignInFailureRepository>;
/** `freeTries` cost nothing; each after that doubles the wait, from `firstSeconds` to `maxSeconds`; forgotten after `memoryHours`. */
export type DelayRule = { freeTries: number; firstSeconds: number; maxSeconds: number; memoryHours: number };

export function createSignInFailureRepository(db: Database) {
  return {
    /**
     * Counts a try as failed before its password is looked at, so that tries at the same time count each other; `forget` takes it back
     * when it was right. False, and nothing counted, while the key has to wait.
     */
    async count(key: string, now: Date, { freeTries, firstSeconds, maxSeconds, memoryHours }: DelayRule): Promise<boolean> {
      const failures = Prisma.sql`CASE WHEN f.last_at < ${now}::timestamptz - make_interval(hours => ${memoryHours}::int) THEN 1 ELSE f.failures + 1 END`;
      const rows = await queryRows(
        db.prisma,
        z.object({ failures: z.int() }),
        Prisma.sql`INSERT INTO sign_in_failures AS f (key, failures, last_at, blocked_until) VALUES (${key}, 1, ${now}::timestamptz, ${now}::timestamptz)
          ON CONFLICT (key) DO UPDATE SET failures = ${failures}, last_at = ${now}::timestamptz, blocked_until = ${now}::timestamptz
            + CASE WHEN ${failures} < ${freeTries}::int THEN interval '0'
              ELSE make_interval(secs => least(${maxSeconds}::int, ${firstSeconds}::int * power(2, least(${failures} - ${freeTries}::int, 30)))) END
          WHERE f.blocked_until <= ${now}::timestamptz
          RETURNING failures`,
      );
      return rows.length === 1;
    },

    /** Whole seconds that the key still has to wait; 0 for none. */
    async secondsLeft(key: string, now: Date): Promise<number> {
      const [row] = await queryRows(
        db.prisma,
        secondsSchema,
        Prisma.sql`SELECT ceil(greatest(0, extract(epoch FROM blocked_until - ${now}::timestamptz)))::int AS seconds FROM sign_in_failures WHERE key = ${key}`,
      );
      return row?.seconds ?? 0;
    },

    async forget(keys: readonly string[]): Promise<void> {
      await db.prisma.signInFailure.deleteMany({ where: { key: { in: [...keys] } } });
    },
  };
}

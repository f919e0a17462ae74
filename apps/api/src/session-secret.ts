import { randomBytes } from 'node:crypto';
import type { Database } from '@granary/db';
import * as z from 'zod';

/** The secret of a deployment: what is configured, or else one that is made once, kept in the database, and shared by all processes. */
export async function readSessionSecret(db: Pick<Database, 'prisma'>, configured: string | undefined): Promise<string> {
  if (configured !== undefined) return configured;
  await db.prisma
    .$executeRaw`INSERT INTO settings (name, value) VALUES ('session_secret', to_jsonb(${randomBytes(48).toString('base64url')}::text)) ON CONFLICT DO NOTHING`;
  const setting = await db.prisma.setting.findUniqueOrThrow({ where: { name: 'session_secret' } });
  return z.string().parse(setting.value);
}

/** The secret when it is needed, read once. A database that does not answer now may do so the next time. */
export function createSecretReader(db: Pick<Database, 'prisma'>, configured: string | undefined): () => Promise<string> {
  let secret: Promise<string> | undefined;
  return () =>
    (secret ??= readSessionSecret(db, configured).catch((error: unknown) => {
      secret = undefined;
      throw error;
    }));
}

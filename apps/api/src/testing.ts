import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@granary/contract';
import type { Database } from '@granary/db';
import { createTestDatabase } from '@granary/db/testing';
import type { RouteOptions } from 'fastify';
import { buildApp } from './build-app.ts';
import { readConfig, type Config } from './config.ts';
import { protectDatabase, type Dependencies } from './dependencies.ts';
import { unwatched, type DiskSpace } from './disk-space.ts';
import { cookieName } from './http/cookies.ts';
import { createJobs } from './jobs/jobs.ts';
import type { Mail } from './mailer.ts';
import { createLocalStorage } from './storage/local-storage.ts';
import type { Storage } from './storage/storage.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
export type TestUser = Awaited<ReturnType<TestApp['signIn']>>;
export type TestApp = Awaited<ReturnType<typeof createTestApp>>;

/**
 * The production application on a database of its own. `signIn` makes a user with a session directly in the database;
 * the password paths are tested by the accounts module. `mails` collects what would have been sent when `mail` is set.
 */
export async function createTestApp(
  options: {
    env?: Record<string, string>;
    mail?: boolean;
    clock?: () => Date;
    random?: () => number;
    storage?: Storage;
    disk?: DiskSpace;
    onRoute?: (route: RouteOptions) => void;
    /** Instead of one of its own; closed with the application. */
    database?: Database;
    /** Takes each line of the log; set LOG_LEVEL along with it. */
    writeLog?: (line: string) => void;
  } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'granary-test-'));
  const db = options.database ?? (await createTestDatabase());
  const config: Config = readConfig([], {
    LOG_LEVEL: 'silent',
    RATE_LIMIT_FACTOR: '0',
    DATA_DIR: folder,
    SESSION_SECRET: 'x'.repeat(40),
    ...options.env,
  });
  const mails: Mail[] = [];
  const disk = options.disk ?? unwatched;
  protectDatabase(db, disk);
  const jobs = createJobs(db, { warn() {}, error() {} }, disk);
  const deps: Dependencies = {
    config,
    db,
    jobs,
    disk,
    storage: options.storage ?? createLocalStorage(join(folder, 'files')),
    mailer: { configured: options.mail ?? false, send: async (mail) => void mails.push(mail) },
    clock: options.clock ?? (() => new Date()),
    random: options.random ?? Math.random,
    ...(options.writeLog === undefined ? {} : { writeLog: options.writeLog }),
  };
  const app = await buildApp(deps, undefined, options.onRoute);
  await app.ready();
  let users = 0;

  return {
    app,
    db,
    deps,
    mails,
    /** A caller without an account. */
    anonymous: caller({}),
    async signIn(role: Role = 'contributor') {
      users += 1;
      const displayName = `Tester ${users}`;
      const user = await db.prisma.user.create({
        data: { email: `tester${users}@example.org`, passwordHash: 'none', displayName, displayNameKey: displayName.toLowerCase(), role },
      });
      const session = await db.prisma.session.create({
        data: { userId: user.id, currentTokenHash: crypto.randomUUID(), expiresAt: new Date(Date.now() + 86_400_000) },
      });
      const cookies = {
        [cookieName('access', config.publicUrl?.startsWith('https:') ?? false)]: app.jwt.sign({ sid: session.id }, { expiresIn: '10m' }),
      };
      return { ...caller(cookies), id: user.id, email: user.email, displayName, sessionId: session.id, cookies };
    },
    async close() {
      await app.close();
      await jobs.stop().catch(() => {});
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };

  function caller(cookies: Record<string, string>) {
    return {
      /** Sends JSON (or `payload` as it is, with its content type among the headers) and gives status, headers and parsed body. */
      async send<Body = Record<string, never>>(method: Method, url: string, body?: unknown, headers: Record<string, string> = {}) {
        const raw = typeof body === 'string' || Buffer.isBuffer(body);
        const reply = await app.inject({
          method,
          url,
          cookies,
          headers,
          ...(body === undefined ? {} : { payload: raw ? body : (body as object) }),
        });
        const json =
          /json\b/.test(String(reply.headers['content-type'])) && reply.body !== '' ? (JSON.parse(reply.body) as unknown) : undefined;
        // The tests assert on the shape themselves, or name the one they go on with.
        return {
          status: reply.statusCode,
          headers: reply.headers,
          cookies: reply.cookies,
          text: reply.body,
          raw: reply.rawPayload,
          body: json as Body,
        };
      },
    };
  }
}

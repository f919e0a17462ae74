import { noteDatabaseError, type Database } from '@granary/db';
import { PgBoss } from 'pg-boss';
import type * as z from 'zod';
import { unwatched, type DiskSpace } from '../disk-space.ts';

/** What a job is, apart from who does it: its queue's name, the shape of its payload, how often it is tried. */
export type JobDefinition<T extends z.ZodType = z.ZodType> = {
  name: string;
  payload: T;
  retryLimit: number;
  retryDelaySeconds: number;
  /** After which a silent worker's job is given to another. */ expireSeconds: number;
};

export function defineJob<T extends z.ZodType>(definition: JobDefinition<T>): JobDefinition<T> {
  return definition;
}

/**
 * `lastTry`: a failure now is final. `signal` is aborted when the process stops; the job is then tried again elsewhere. Work that records its own
 * final failure, and then ends well, says so with `onFinalFailure`.
 */
export type JobContext = { signal: AbortSignal; lastTry: boolean; onFinalFailure?: (reason: unknown) => void };
export type JobHandler<T extends z.ZodType> = (payload: z.output<T>, context: JobContext) => Promise<void>;

export type Jobs = {
  start(): Promise<void>;
  /** Adds a job; with `key`, at most one waiting or running job of that key exists. */
  send<T extends z.ZodType>(definition: JobDefinition<T>, payload: z.input<T>, options?: { key?: string }): Promise<void>;
  work<T extends z.ZodType>(definition: JobDefinition<T>, handler: JobHandler<T>): Promise<void>;
  stop(): Promise<void>;
};

type Log = { warn(details: object, message: string): void; error(details: object, message: string): void };

/**
 * The queue (pg-boss) in the same database as everything else. Jobs survive a restart: what a killed process had begun is
 * tried again once its heartbeat is missed. While the disk is low on space no job begins.
 */
export function createJobs(db: Database, log: Log, disk: Pick<DiskSpace, 'whenEnough' | 'whenNotCritical'> = unwatched): Jobs {
  const stopping = new AbortController();
  const executeSql: Database['executeSql'] = async (text, values) => {
    await disk.whenNotCritical(stopping.signal);
    return db.executeSql(text, values);
  };
  const boss = new PgBoss({
    ...(db.url === undefined ? { db: { executeSql }, backend: 'pglite' as const } : { connectionString: db.url, max: 4 }),
    schema: 'jobs',
    schedule: false,
    monitorVacuum: false,
    reindex: false,
  });
  boss.on('error', (error) => log.error({ err: error }, 'The job queue failed; it goes on by itself'));
  const queues = new Map<string, Promise<void>>();
  const running = new Set<Promise<void>>();

  const ensureQueue = (definition: JobDefinition): Promise<void> => {
    const known = queues.get(definition.name);
    if (known) return known;
    const created = boss.createQueue(definition.name, {
      policy: 'exclusive',
      retryLimit: definition.retryLimit,
      retryDelay: definition.retryDelaySeconds,
      expireInSeconds: definition.expireSeconds,
      heartbeatSeconds: 10,
    });
    queues.set(definition.name, created);
    // A database that was away is asked again the next time.
    return created.catch((error: unknown) => {
      queues.delete(definition.name);
      throw noteDatabaseError(error);
    });
  };

  return {
    async start() {
      await boss.start();
    },
    async send(definition, payload, options = {}) {
      await ensureQueue(definition);
      const data = definition.payload.parse(payload) as object;
      await boss.send(definition.name, data, { singletonKey: options.key ?? crypto.randomUUID() }).catch((error: unknown) => {
        throw noteDatabaseError(error);
      });
    },
    async work(definition, handler) {
      await ensureQueue(definition);
      await boss.work(definition.name, { includeMetadata: true, pollingIntervalSeconds: 0.5, batchSize: 1 }, async ([job]) => {
        if (job === undefined) return;
        await disk.whenEnough(stopping.signal);
        const details = { job: definition.name, id: job.id, payload: job.data, tries: job.retryCount + 1 };
        const onFinalFailure = (err: unknown) => log.error({ ...details, err }, 'A job failed for good');
        const lastTry = job.retryCount >= job.retryLimit;
        const work = handler(definition.payload.parse(job.data), { signal: stopping.signal, lastTry, onFinalFailure });
        const settled = work.then(
          () => {},
          () => {},
        );
        running.add(settled);
        try {
          await work;
        } catch (error) {
          if (stopping.signal.aborted || !lastTry) log.warn({ ...details, err: error }, 'A job failed and is tried again');
          else onFinalFailure(error);
          throw error;
        } finally {
          running.delete(settled);
        }
      });
    },
    async stop() {
      stopping.abort(new Error('The process is stopping'));
      await Promise.all(running);
      await boss.stop({ graceful: true, timeout: 10_000, close: true });
    },
  };
}

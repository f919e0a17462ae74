import { EventEmitter, once } from 'node:events';
import { mkdir, statfs } from 'node:fs/promises';
import { ApiError } from './errors.ts';

/** `low`: writes are refused and jobs pause; `critical`: nothing at all may be written to the embedded database. */
export type DiskState = 'ok' | 'low' | 'critical';

/** How much room the disks have that this deployment writes to. */
export type DiskSpace = {
  state(): DiskState;
  /** Looks again, and throws `storage_full` unless there is room. */
  demand(): Promise<void>;
  /** Resolves once there is room, at once where there is. Rejects when the signal is aborted. */
  whenEnough(signal: AbortSignal): Promise<void>;
  /** The same for what may go on while space is low. */
  whenNotCritical(signal: AbortSignal): Promise<void>;
  /** Calls `listener` after every change, one call at a time. */
  onChange(listener: (state: DiskState) => Promise<void>): void;
  stop(): void;
};

type Log = { info(details: object, message: string): void; warn(details: object, message: string): void };
type Options = {
  /** Folders on the disks to watch; made where they are missing. */
  folders: readonly string[];
  /** Below this, space is low; below a quarter of it, critical. 0 turns the watch off. */
  reserveBytes: number;
  log: Log;
  /** Bytes that this process may still write on a folder's disk. */
  freeBytes?: (folder: string) => Promise<number>;
  everyMs?: number;
};

/** Space that was lacking is enough only with some more, or the state would flicker. */
const recoveryFactor = 1.1;
const criticalShare = 0.25;
const mb = (bytes: number) => Math.floor(bytes / 1024 / 1024);

/** Watches free disk space. The first look is made before it resolves. */
export async function watchDiskSpace({
  folders: wanted,
  reserveBytes,
  log,
  freeBytes = askSystem,
  everyMs = 500,
}: Options): Promise<DiskSpace> {
  const folders = reserveBytes === 0 ? [] : await usableFolders(wanted);
  if (folders.length === 0) return unwatched;
  const changes = new EventEmitter().setMaxListeners(0);
  const listeners: ((state: DiskState) => Promise<void>)[] = [];
  let state: DiskState = 'ok';
  let telling = Promise.resolve();

  async function look(): Promise<void> {
    const free = await Promise.all(folders.map(async (folder) => ({ folder, bytes: await freeBytes(folder) })));
    const least = free.reduce((one, other) => (other.bytes < one.bytes ? other : one));
    const next = judge(least.bytes, reserveBytes, state);
    if (next === state) return;
    const before = state;
    state = next;
    report(log, least, { before, next, reserveBytes });
    telling = tell(telling, next);
    changes.emit('change');
  }

  /** One change after another, in the order in which they were seen. */
  async function tell(before: Promise<void>, next: DiskState): Promise<void> {
    await before;
    for (const listener of listeners) {
      try {
        await listener(next);
      } catch (error) {
        log.warn({ err: error }, 'Reacting to disk space failed');
      }
    }
  }

  await look();
  // A disk that cannot be asked for a moment says nothing about its space.
  const timer = setInterval(() => void look().catch(() => {}), everyMs).unref();
  const until = async (isFine: () => boolean, signal: AbortSignal) => {
    while (!isFine()) await once(changes, 'change', { signal });
  };
  return {
    state: () => state,
    async demand() {
      await look();
      if (state !== 'ok') throw storageFull();
    },
    whenEnough: (signal) => until(() => state === 'ok', signal),
    whenNotCritical: (signal) => until(() => state !== 'critical', signal),
    onChange: (listener) => void listeners.push(listener),
    stop: () => clearInterval(timer),
  };
}

/** A folder that cannot be made is reported by whoever needs it. */
async function usableFolders(folders: readonly string[]): Promise<string[]> {
  const made = await Promise.allSettled(folders.map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  return folders.filter((_, index) => made[index]?.status === 'fulfilled');
}

/** Where nothing is to be watched. */
export const unwatched: DiskSpace = {
  state: () => 'ok',
  demand: () => Promise.resolve(),
  whenEnough: () => Promise.resolve(),
  whenNotCritical: () => Promise.resolve(),
  onChange() {},
  stop() {},
};

export function storageFull(cause?: unknown): ApiError {
  const detail = 'Nothing was saved. Reading still works. Try again when the operator has freed space.';
  return new ApiError('storage_full', detail, { headers: { 'retry-after': '60' }, cause });
}

function judge(bytes: number, reserve: number, before: DiskState): DiskState {
  const critical = reserve * criticalShare;
  if (bytes < critical * (before === 'critical' ? recoveryFactor : 1)) return 'critical';
  if (bytes < reserve * (before === 'ok' ? 1 : recoveryFactor)) return 'low';
  return 'ok';
}

function report(
  log: Log,
  { folder, bytes }: { folder: string; bytes: number },
  { before, next, reserveBytes }: { before: DiskState; next: DiskState; reserveBytes: number },
): void {
  const details = { folder, freeMb: mb(bytes), reserveMb: mb(reserveBytes) };
  const free = `${details.freeMb} MB are free on the disk of ${folder}`;
  if (next === 'ok') log.info(details, `${free}: writes are taken and background jobs go on again`);
  else if (next === 'critical') log.warn(details, `Only ${free}: the embedded database is read-only until space is freed`);
  else if (before === 'ok')
    log.warn(details, `Only ${free}, less than MIN_FREE_DISK_MB (${details.reserveMb}): writes are refused and background jobs pause`);
}

async function askSystem(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { OnBytes } from './server-file.ts';
import { counted, type Terminal } from './terminal.ts';

/** `onBytes` counts what goes; `settle` says whether all of it has arrived, or none counts. */
export type PushAttempt = { onBytes: OnBytes; settle: (brought: boolean) => void };

/** Shows how far a push has come, in bytes of all files. A file that is sent again takes back what it had counted. */
export function createPushProgress(terminal: Terminal, bytesTotal: number) {
  const bar = terminal.progress();
  let done = 0;
  const show = (what: string) => bar.show(bytesTotal === 0 ? 1 : done / bytesTotal, `${counted(done, 'byte')}  ${what}`);
  return {
    /** For one attempt at something that is to bring `expected` bytes. */
    attempt(what: string, expected: number): PushAttempt {
      let counted = 0;
      return {
        onBytes(bytes) {
          const more = Math.min(bytes, expected - counted);
          counted += more;
          done += more;
          show(what);
        },
        settle(brought) {
          const now = brought ? expected : 0;
          done += now - counted;
          counted = now;
          show(what);
        },
      };
    },
    end: () => bar.end(),
  };
}

const attempts = 3;

/** Does something again, after a pause, that failed for a reason which may pass; gives up after a few times. */
export async function withRetries<T>(
  terminal: Terminal,
  what: string,
  work: () => Promise<T>,
  mayPass: (error: unknown) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !mayPass(error)) throw error;
      terminal.complain(`${what}: ${(error as Error).message} Trying again (${attempt + 1} of ${attempts}).`);
      await sleep(1_000 * attempt ** 2);
    }
  }
}

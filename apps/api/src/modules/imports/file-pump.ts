import type { FileOpener } from '@granary/corpus';
import type { Thread } from '../../jobs/thread.ts';
import { sourceCreditBytes } from './read-task.ts';
import type { FromThread, ToThread } from './read-task.ts';

/** Sends a file to the thread that reads it, as fast as the thread takes it and as often as it is opened. */
export function createFilePump(thread: Thread<ToThread, FromThread>, open: FileOpener) {
  let opening = 0;
  let onTheWay = 0;
  let ended = false;
  let wake: (() => void) | undefined;
  let file: AsyncIterable<Uint8Array> | undefined;

  async function pump(own: number): Promise<void> {
    const opened = await open();
    if (own !== opening) return close(opened);
    file = opened;
    for await (const chunk of opened) {
      while (onTheWay >= sourceCreditBytes && own === opening) await new Promise<void>((resolve) => (wake = resolve));
      if (own !== opening) return;
      // A copy: the chunk may be part of a larger buffer, which must not go to the thread.
      const bytes = Uint8Array.from(chunk);
      onTheWay += bytes.length;
      thread.send({ kind: 'bytes', opening: own, bytes }, [bytes.buffer]);
    }
    if (own !== opening) return;
    ended = true;
    thread.send({ kind: 'end', opening: own });
  }
  function begin(next: number): void {
    if (file) close(file);
    file = undefined;
    opening = next;
    onTheWay = 0;
    ended = false;
    wake?.();
  }

  return {
    take(message: Extract<FromThread, { opening: number }>): void {
      if (message.kind === 'open') {
        begin(message.opening);
        pump(message.opening).catch((error: unknown) => {
          // What breaks because the file was closed is no news.
          if (message.opening === opening) thread.end(error instanceof Error ? error : new Error(String(error)));
        });
      } else if (message.opening === opening) {
        onTheWay -= message.bytes;
        wake?.();
      }
    },
    /** Whether the thread has nothing to do until more of the file arrives. */
    isAwaited: () => onTheWay === 0 && !ended && opening > 0,
    stop: () => begin(0),
  };
}

function close(file: AsyncIterable<Uint8Array>): void {
  if ('destroy' in file && typeof file.destroy === 'function') file.destroy();
}

import { Transform, type Readable } from 'node:stream';
import { ApiError } from '../errors.ts';

/** What an upload has to bring per second, on average over one timeout: far less than the slowest line, far more than a dribble. */
export const leastUploadBytesPerSecond = 1_000;

/**
 * Hands a body on as it arrives, and ends it with `request_timeout` when it takes too long: `whole` bodies have to arrive within
 * `timeoutMs`; of the others, each stretch of that length has to bring `leastUploadBytesPerSecond`, so that a large file on a slow
 * line takes the time it needs. Time that the reader takes does not count.
 */
export function watchPace(
  body: Readable,
  { timeoutMs, whole, onTimeout }: { timeoutMs: number; whole: boolean; onTimeout: () => void },
): Readable {
  const needed = whole ? Infinity : Math.ceil((leastUploadBytesPerSecond * timeoutMs) / 1_000);
  let arrived = 0;
  const timer = setTimeout(() => {
    // Bytes that wait here are the reader's delay, not the sender's.
    if (arrived >= needed || (!whole && watched.writableNeedDrain)) {
      arrived = 0;
      timer.refresh();
      return;
    }
    onTimeout();
    watched.destroy(tooSlow(timeoutMs, whole));
  }, timeoutMs).unref();
  const watched = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      arrived += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      clearTimeout(timer);
      done();
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
  });
  // Whoever reads it sees the error; before anybody does, it must not end the process.
  watched.on('error', () => {});
  body.once('error', (error) => watched.destroy(error));
  body.once('close', () => {
    if (!body.readableEnded) watched.destroy(new ApiError('malformed_request', 'The connection ended before the request did.'));
  });
  return body.pipe(watched);
}

function tooSlow(timeoutMs: number, whole: boolean): ApiError {
  const seconds = timeoutMs / 1_000;
  return new ApiError(
    'request_timeout',
    whole
      ? `The body of a request must arrive within ${seconds} seconds.`
      : `A file must arrive at ${leastUploadBytesPerSecond} bytes per second or more; too little came in ${seconds} seconds.`,
  );
}

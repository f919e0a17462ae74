import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { leastUploadBytesPerSecond, watchPace } from './body-pace.ts';

const timeoutMs = 30_000;
const window = (leastUploadBytesPerSecond * timeoutMs) / 1_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A body on its way, what became of it, and how often the connection was to be closed. */
function start(whole: boolean) {
  const body = new PassThrough({ highWaterMark: 1_000_000 });
  const onTimeout = vi.fn();
  const watched = watchPace(body, { timeoutMs, whole, onTimeout });
  const error = once(watched, 'error').then(([thrown]: unknown[]) => thrown as { code: string; status: number });
  const text = new Promise<string>((resolve) => {
    const chunks: Buffer[] = [];
    watched.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()));
  });
  return { body, watched, onTimeout, error, text };
}
async function send(body: PassThrough, bytes: number) {
  body.write('x'.repeat(bytes));
  await turn();
}

test('a body that comes in time is handed on as it is', async () => {
  const { body, text, onTimeout } = start(true);
  await send(body, 3);
  vi.advanceTimersByTime(timeoutMs - 1);
  body.end('y');
  expect(await text).toBe('xxxy');
  vi.advanceTimersByTime(timeoutMs * 2);
  expect(onTimeout).not.toHaveBeenCalled();
});

test('a body of one byte a second is cut when the time is over', async () => {
  const { body, error, onTimeout } = start(true);
  for (let second = 0; second < timeoutMs / 1_000; second += 1) {
    await send(body, 1);
    vi.advanceTimersByTime(1_000);
  }
  expect(await error).toMatchObject({ code: 'request_timeout', status: 408 });
  expect(onTimeout).toHaveBeenCalledOnce();
});

test('a file may take hours as long as each stretch brings enough', async () => {
  const { body, text, onTimeout } = start(false);
  for (let stretch = 0; stretch < 200; stretch += 1) {
    await send(body, window);
    vi.advanceTimersByTime(timeoutMs);
  }
  body.end();
  expect((await text).length).toBe(200 * window);
  expect(onTimeout).not.toHaveBeenCalled();
});

test('a file that dribbles is cut', async () => {
  const { body, error } = start(false);
  await send(body, window);
  vi.advanceTimersByTime(timeoutMs);
  await send(body, window - 1);
  vi.advanceTimersByTime(timeoutMs);
  expect(await error).toMatchObject({ code: 'request_timeout' });
});

test('a sender that leaves ends the body with an error', async () => {
  const { body, error } = start(false);
  await send(body, 1);
  body.destroy();
  expect(await error).toMatchObject({ code: 'malformed_request' });
});

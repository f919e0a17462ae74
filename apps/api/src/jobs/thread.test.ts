import { expect, test } from 'vitest';
import { startThread, ThreadDiedError } from './thread.ts';

const start = (code: string) =>
  startThread<string, string>({
    file: new URL(`data:text/javascript,${encodeURIComponent(code)}`),
    name: 'test',
    resourceLimits: {},
    workerData: null,
  });
const port = `import { parentPort } from 'node:worker_threads';`;

test('gives messages in order, and what was said before a death', async () => {
  const thread = start(
    `${port} parentPort.on('message', (text) => { parentPort.postMessage(text); if (text === 'last') setImmediate(() => process.exit(3)); });`,
  );
  thread.send('first');
  thread.send('last');
  expect([await thread.next(), await thread.next()]).toEqual(['first', 'last']);
  await expect(thread.next()).rejects.toThrow(ThreadDiedError);
  expect(thread.isAlive()).toBe(false);
});

test('an error that a thread does not catch is the reason of its death', async () => {
  await expect(start(`throw new Error('out of luck')`).next()).rejects.toThrow(new ThreadDiedError('out of luck'));
});

test('a thread that is ended gives the reason to whoever waits for it', async () => {
  const thread = start(`${port} parentPort.on('message', () => {});`);
  const next = thread.next();
  thread.end(new Error('not wanted any more'));
  await expect(next).rejects.toThrow(new Error('not wanted any more'));
});

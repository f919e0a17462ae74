import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { countRequest, createGiveWay, createPause, noRequests } from './give-way.ts';

/** Moments one after the other; the last one stays. */
const clockOf = (...moments: number[]) => {
  const read: number[] = [];
  return { read, now: () => (read.push(moments[0] ?? 0), moments.length > 1 ? (moments.shift() ?? 0) : (moments[0] ?? 0)) };
};

test('a thread that has just begun to work goes on, whoever waits', () => {
  const underWay = noRequests();
  countRequest(underWay);
  const { now, read } = clockOf(0, 3);
  createGiveWay(underWay, now)();
  expect(read).toEqual([0, 3]);
});

test('it waits while a request is answered, and not for ever', () => {
  const underWay = noRequests();
  const answered = countRequest(underWay);
  const { now, read } = clockOf(0, 5, 24.9, 25, 30);
  const giveWay = createGiveWay(underWay, now);
  giveWay();
  // Looked again before the end of its patience, went on at the end of it.
  expect(read).toEqual([0, 5, 24.9, 25]);
  answered();
  giveWay();
  expect(read).toEqual([0, 5, 24.9, 25, 30]);
});

test('the last answer wakes it', async () => {
  const underWay = noRequests();
  const answered = [countRequest(underWay), countRequest(underWay)];
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    parentPort.postMessage('waits');
    parentPort.postMessage(Atomics.wait(workerData, 0, 2, 30_000));`;
  const worker = new Worker(source, { eval: true, workerData: underWay });
  const said: unknown[] = [];
  await new Promise<void>((resolve) => {
    worker.on('message', (message) => {
      said.push(message);
      // Before or after it began to wait: a count that has changed lets nobody wait.
      if (message === 'waits') for (const end of answered) end();
      else resolve();
    });
  });
  expect(['ok', 'not-equal']).toContain(said[1]);
});

test('work in the thread that answers waits for the answer, and not for ever', async () => {
  const underWay = noRequests();
  const answered = countRequest(underWay);
  const { now, read } = clockOf(0, 3, 5, 24, 25, 26, 31, 32, 40);
  const pause = createPause(underWay, now);
  await pause();
  expect(read).toEqual([0, 3]);
  await pause();
  expect(read).toEqual([0, 3, 5, 24, 25, 26]);
  const waiting = pause();
  answered();
  await waiting;
  expect(read).toEqual([0, 3, 5, 24, 25, 26, 31, 32]);
});

test('a request is counted once, however often its end is told', () => {
  const underWay = noRequests();
  const [one, other] = [countRequest(underWay), countRequest(underWay)];
  one();
  one();
  expect(underWay[0]).toBe(1);
  other();
  expect(underWay[0]).toBe(0);
});

import type { TextDiff } from '@granary/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDiffQueue, type DiffQueueParts, type Texts } from './diff-queue.ts';

const limitMs = 1_000;
const diffTo = (text: string): TextDiff => ({ unit: 'word', parts: [{ kind: 'added', text }] });
const texts = (after: string): Texts => ({ before: '', after });

type Started = { asked: string[]; ended: boolean; on: Parameters<DiffQueueParts['startWorker']>[0] };

/** A queue whose workers answer when the test says so. */
function queueOf(start: (started: Started) => void = () => {}) {
  const workers: Started[] = [];
  const queue = createDiffQueue({
    limitMs,
    startWorker: (on) => {
      const started: Started = { asked: [], ended: false, on };
      workers.push(started);
      start(started);
      return { compare: ({ after }) => void started.asked.push(after), end: () => void (started.ended = true) };
    },
  });
  const settled: Record<string, TextDiff | null> = {};
  const request = (name: string) => queue.request(texts(name), (diff) => void (settled[name] = diff));
  return { workers, settled, request };
}

const microtasks = () => vi.advanceTimersByTimeAsync(0);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the queue of comparisons', () => {
  it('gives one worker one pair of texts after another, and ends it when nothing is left', async () => {
    const { workers, settled, request } = queueOf();
    request('one');
    request('two');
    await microtasks();
    expect(workers).toMatchObject([{ asked: ['one'], ended: false }]);
    workers[0]?.on.onDiff(diffTo('one'));
    expect(workers).toMatchObject([{ asked: ['one', 'two'], ended: false }]);
    workers[0]?.on.onDiff(diffTo('two'));
    expect(workers).toMatchObject([{ ended: true }]);
    expect(settled).toEqual({ one: diffTo('one'), two: diffTo('two') });
    request('three');
    await microtasks();
    expect(workers).toMatchObject([{ ended: true }, { asked: ['three'] }]);
  });

  it('ends the work for texts that are no longer shown, and goes on with the next', async () => {
    const { workers, settled, request } = queueOf();
    const [withdrawOne, withdrawTwo] = [request('one'), request('two')];
    request('three');
    await microtasks();
    withdrawOne();
    withdrawTwo();
    expect(workers).toMatchObject([{ asked: ['one'], ended: true }]);
    await microtasks();
    expect(workers).toMatchObject([{ asked: ['one'], ended: true }, { asked: ['three'] }]);
    // An answer that was under way when the worker was ended.
    workers[0]?.on.onDiff(diffTo('one'));
    expect(settled).toEqual({});
    workers[1]?.on.onDiff(diffTo('three'));
    expect(settled).toEqual({ three: diffTo('three') });
  });

  it('starts no worker for a page that closes', async () => {
    const { workers, request } = queueOf();
    const withdrawals = ['one', 'two', 'three'].map(request);
    await microtasks();
    for (const withdraw of withdrawals) withdraw();
    await vi.advanceTimersByTimeAsync(2 * limitMs);
    expect(workers).toMatchObject([{ asked: ['one'], ended: true }]);
  });

  it('ends a comparison that takes too long, and no other', async () => {
    const { workers, settled, request } = queueOf();
    request('one');
    request('endless');
    request('three');
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    workers[0]?.on.onDiff(diffTo('one'));
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(settled).toEqual({ one: diffTo('one') });
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toEqual({ one: diffTo('one'), endless: null });
    expect(workers).toMatchObject([{ ended: true }, { asked: ['three'], ended: false }]);
    workers[1]?.on.onDiff(diffTo('three'));
    expect(settled).toEqual({ one: diffTo('one'), endless: null, three: diffTo('three') });
  });

  it.each([
    ['cannot be loaded', ({ on }: Started) => queueMicrotask(on.onFailure)],
    [
      'cannot be started',
      () => {
        throw new Error('Refused');
      },
    ],
    ['never answers', () => {}],
  ])('tells all who wait when a worker %s, and tries again for the next', async (_name, start) => {
    const { workers, settled, request } = queueOf(start);
    request('one');
    request('two');
    await vi.advanceTimersByTimeAsync(limitMs);
    expect(settled).toEqual({ one: null, two: null });
    expect(workers).toHaveLength(1);
    request('three');
    await microtasks();
    expect(workers).toHaveLength(2);
  });

  it('goes on with the next after a worker that had answered fails', async () => {
    const { workers, settled, request } = queueOf();
    request('one');
    request('two');
    request('three');
    await microtasks();
    workers[0]?.on.onDiff(diffTo('one'));
    workers[0]?.on.onFailure();
    expect(settled).toEqual({ one: diffTo('one'), two: null });
    expect(workers).toMatchObject([{ ended: true }, { asked: ['three'] }]);
  });
});

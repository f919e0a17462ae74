import { expect, test } from 'vitest';
import { waitFor } from './testing-wait.ts';

test('returns what was seen when it is done', async () => {
  let looks = 0;
  expect(await waitFor('the third look', { look: () => (looks += 1), isDone: (seen) => seen === 3 })).toBe(3);
});

test('says what it waited for and what it saw when nothing changes any more', async () => {
  const stuck = { look: () => ({ status: 'building' }), isDone: () => false, stuckAfterMs: 50 };
  await expect(waitFor('snapshot 7', stuck)).rejects.toThrow('for snapshot 7, in vain; seen last: {"status":"building"}');
});

test('waits on while what it sees still changes', async () => {
  let looks = 0;
  const moving = { look: () => (looks += 1), isDone: (seen: number) => seen === 20, stuckAfterMs: 200 };
  expect(await waitFor('the twentieth look', moving)).toBe(20);
});

test('gives up a look that gets no answer, and passes on one that fails', async () => {
  const silent = { look: () => new Promise<never>(() => {}), isDone: () => true, stuckAfterMs: 50 };
  await expect(waitFor('an answer', silent)).rejects.toThrow('for an answer, in vain: looking for it got no answer');
  const failing = { look: () => Promise.reject(new Error('connection lost')), isDone: () => true };
  await expect(waitFor('an answer', failing)).rejects.toThrow('connection lost');
});

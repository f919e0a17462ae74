import type { Thread } from './thread.ts';

/** A thread waits so long for its next task: starting one takes a quarter of a second. */
const idleMs = 15_000;

/** Keeps threads that have done a task for the next one. */
export function createThreadPool<ToThread, FromThread>(start: () => Thread<ToThread, FromThread>) {
  const idle: Thread<ToThread, FromThread>[] = [];
  return {
    take(): Thread<ToThread, FromThread> {
      const waiting = idle.pop();
      const thread = waiting?.isAlive() ? waiting : start();
      thread.busy();
      return thread;
    },
    /** Takes back a thread that has done its task to the end. */
    giveBack(thread: Thread<ToThread, FromThread>): void {
      thread.idle();
      idle.push(thread);
      setTimeout(() => {
        const place = idle.indexOf(thread);
        if (place < 0) return;
        idle.splice(place, 1);
        thread.end(new Error('The thread was idle'));
      }, idleMs).unref();
    },
  };
}

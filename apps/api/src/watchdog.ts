import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { onLongWork } from '@granary/db';
import { watchdogCells as cells } from './watchdog-cells.ts';

const beatMs = 500;

/**
 * Starts a thread that ends this process (SIGKILL, so exit code 137 in a shell) when its main loop has not run for `seconds`, after a line in the
 * log, so that a supervisor can start it again. Work that says how long it may take is waited for; so is a debugger. A machine that was
 * suspended, a stopped process and a clock that is set are no reason: only time in which the thread itself ran is counted. 0 starts
 * nothing. Returns the way to stop it.
 */
export function startWatchdog(seconds: number): () => void {
  if (seconds === 0) return () => {};
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * Object.keys(cells).length));
  Atomics.store(shared, cells.limitMs, seconds * 1000);
  onLongWork((longestMs) => void Atomics.store(shared, cells.limitMs, Math.max(seconds * 1000, longestMs)));
  const beat = () => {
    Atomics.add(shared, cells.beats, 1);
    Atomics.store(shared, cells.debugged, inspector.url() === undefined ? 0 : 1);
  };
  beat();
  const timer = setInterval(beat, beatMs).unref();
  const thread = new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData: shared, execArgv: [] });
  thread.unref();
  thread.on('error', (error) => void process.stderr.write(`The watchdog stopped: ${error.message}\n`));
  return () => {
    clearInterval(timer);
    onLongWork(() => {});
    void thread.terminate();
  };
}

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import * as z from 'zod';
import { watchdogCells as cells } from './watchdog-cells.ts';

const shared = z.instanceof(Int32Array).parse(workerData);
const tickMs = 250;
/** A longer tick means that this thread stood still too: the machine was suspended or the process stopped. */
const longestTickMs = 2 * tickMs;
const stdout = 1;

let beats = -1;
let silentMs = 0;
let lookedAt = performance.now();

function look(): void {
  const now = performance.now();
  const passedMs = Math.min(now - lookedAt, longestTickMs);
  lookedAt = now;
  const current = Atomics.load(shared, cells.beats);
  if (current !== beats || Atomics.load(shared, cells.debugged) === 1) {
    beats = current;
    silentMs = 0;
    return;
  }
  silentMs += passedMs;
  if (silentMs >= Atomics.load(shared, cells.limitMs)) endProcess();
}

/** The main loop cannot handle a gentler signal, and this thread cannot end the process otherwise. */
function endProcess(): void {
  const msg = `The main loop has not answered for ${Math.round(silentMs / 1000)} s (WATCHDOG_SECONDS): ending this process with SIGKILL so that it is started again`;
  try {
    writeSync(stdout, `${JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, msg })}\n`);
  } catch {
    // Nobody reads the log any more; the process has to end all the same.
  }
  process.kill(process.pid, 'SIGKILL');
}

setInterval(look, tickMs);

/**
 * The embedded database works in the thread that answers, so a long statement looks like a process that hangs. Whoever starts one says how
 * long it may take, and a watchdog waits that long.
 */
const declared = new Map<symbol, number>();
let listener: (longestMs: number) => void = () => {};

/** Says that the process may stand still for so long from now; returns what to call when the work is over. */
export function declareLongWork(ms: number): () => void {
  const key = Symbol('work');
  declared.set(key, ms);
  tell();
  return () => {
    declared.delete(key);
    tell();
  };
}

/** Calls `listen` at once after every change with the longest time that is declared, 0 for none. There is one listener in a process. */
export function onLongWork(listen: (longestMs: number) => void): void {
  listener = listen;
  tell();
}

function tell(): void {
  listener(Math.max(0, ...declared.values()));
}

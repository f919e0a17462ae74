import type { Page } from '@playwright/test';
import { inPage } from './patience.ts';

/** How long the page lets people take a verdict back, and shows what can be acted upon. */
const momentMs = 10_000;

/** The timers as a browser has them; Node's types know them otherwise. */
type Timers = {
  setTimeout(run: (...values: unknown[]) => void, delay?: number, ...values: unknown[]): number;
  clearTimeout(id?: number): void;
  passMoments?: () => void;
};

/**
 * Stops the page's ten-second timers until `pass` lets them run out: on a busy machine ten seconds are over before a
 * journey acts, and on a quiet one nobody need wait for them. To be called before the page is opened.
 */
export async function holdMoments(page: Page): Promise<{ pass: () => Promise<void> }> {
  await page.addInitScript(holdTimers, momentMs);
  return {
    pass: () =>
      inPage(
        page,
        'its ten seconds to pass',
        page.evaluate(() => (globalThis as unknown as Timers).passMoments?.()),
      ),
  };
}

/** Runs in the page, before its own code. */
function holdTimers(heldMs: number): void {
  const timers = globalThis as unknown as Timers;
  const [start, stop] = [timers.setTimeout.bind(globalThis), timers.clearTimeout.bind(globalThis)];
  const held = new Map<number, () => void>();
  timers.setTimeout = (run, delay, ...values) => {
    if (delay !== heldMs) return start(run, delay, ...values);
    // A real timer lends its number, and would end after three weeks.
    const id = start(() => undefined, 2 ** 31 - 1);
    held.set(id, () => run(...values));
    return id;
  };
  timers.clearTimeout = (id) => {
    if (id !== undefined) held.delete(id);
    stop(id);
  };
  timers.passMoments = () => {
    const due = [...held.values()];
    held.clear();
    for (const run of due) run();
  };
}

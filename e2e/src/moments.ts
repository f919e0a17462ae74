import type { Page } from '@playwright/test';
import { inPage } from './patience.ts';

/** How long the page lets people take a verdict back, and shows what can be acted upon. */
const momentMs = 10_000;

type Moments = typeof globalThis & { passMoments?: () => void };

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
        page.evaluate(() => (globalThis as Moments).passMoments?.()),
      ),
  };
}

/** Runs in the page, before its own code. */
function holdTimers(heldMs: number): void {
  const { setTimeout: start, clearTimeout: stop } = window;
  const held = new Map<number, () => void>();
  const startOrHold = (run: TimerHandler, delay?: number, ...values: unknown[]): number => {
    if (delay !== heldMs || typeof run !== 'function') return start.call(window, run, delay, ...values);
    // A real timer lends its number, and would end after three weeks.
    const id = start.call(window, () => undefined, 2 ** 31 - 1);
    held.set(id, () => void run(...values));
    return id;
  };
  const stopOrForget = (id?: number): void => {
    if (id !== undefined) held.delete(id);
    stop.call(window, id);
  };
  const passMoments = (): void => {
    const due = [...held.values()];
    held.clear();
    for (const run of due) run();
  };
  Object.assign(window, { setTimeout: startOrHold, clearTimeout: stopOrForget, passMoments });
}

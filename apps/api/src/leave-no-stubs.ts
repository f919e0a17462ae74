import { afterAll, vi } from 'vitest';

/** Files of tests share a process: what one has stubbed or spied on is undone before the next. */
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What the main thread and the watchdog share, by place in an array of 32-bit integers. */
export const watchdogCells = { beats: 0, limitMs: 1, debugged: 2 } as const;

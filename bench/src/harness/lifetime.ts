/** Things to undo at the end, whichever way the end comes; the last one made is undone first. */
export type Lifetime = {
  defer(undo: () => Promise<unknown> | unknown): void;
};

/**
 * Runs a benchmark and undoes everything that it deferred: after success, after a failure, and on Ctrl-C or SIGTERM.
 * Ends the process: 0, 1 after a failure, 130 after a signal.
 */
export async function runBench(work: (lifetime: Lifetime) => Promise<void>): Promise<never> {
  const undos: (() => Promise<unknown> | unknown)[] = [];
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= undoAll(undos));
  const onSignal = () => {
    process.stderr.write('\nStopping what the benchmark started …\n');
    void end().then(() => process.exit(130));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  let failed = false;
  try {
    await work({ defer: (undo) => void undos.push(undo) });
  } catch (error) {
    failed = true;
    // What breaks because things are being ended is no news.
    if (ending === undefined) process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  if (ending !== undefined) await new Promise(() => {});
  await end();
  process.exit(failed ? 1 : 0);
}

async function undoAll(undos: (() => Promise<unknown> | unknown)[]): Promise<void> {
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
    try {
      await undo();
    } catch (error) {
      process.stderr.write(`While cleaning up: ${String(error)}\n`);
    }
  }
}

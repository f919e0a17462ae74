import { redact } from './redact.ts';

/** Longest a stopping process waits for running requests and jobs. */
const stopTimeoutMs = 20_000;

/**
 * Ends the process in good order on Ctrl-C and SIGTERM: runs `stop` once, then exits. A second signal, or a stop that
 * takes too long, ends it at once: the database survives that too.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    process.stdout.write(`\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: finishing running requests and closing the database …\n`);
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopping failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/** Runs a process's main function; an error that is meant for the operator is printed without a stack. */
export async function runMain(main: () => Promise<void>, expected: readonly (new (...args: never[]) => Error)[]): Promise<void> {
  try {
    await main();
  } catch (error) {
    const plain = expected.some((kind) => error instanceof kind);
    process.stderr.write(`${plain ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(1);
  }
}

/** What happens beside requests, in plain lines: information to stdout, trouble to stderr. */
export function createProcessLog() {
  const line = (details: object, message: string) => {
    const cause = (details as { err?: unknown }).err;
    return redact(cause === undefined ? `${message}\n` : `${message}: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  };
  return {
    info: (details: object, message: string) => void process.stdout.write(line(details, message)),
    warn: (details: object, message: string) => void process.stderr.write(line(details, message)),
  };
}

import { pino, type Logger } from 'pino';
import { redactedStream } from './redact.ts';

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
    say(`\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: finishing running requests and closing the database …`);
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        say(`Stopping failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/**
 * Runs a process's main function. What keeps it from starting is told in one line that `describe` makes of it, without a stack; of anything
 * unforeseen the log has the rest. Nothing that the process writes from here on can be read by other users of the machine.
 */
export async function runMain(main: () => Promise<void>, describe: (error: unknown) => string | undefined): Promise<void> {
  process.umask(0o077);
  try {
    await main();
  } catch (error) {
    const line = describe(error);
    if (line === undefined) createProcessLog().fatal({ err: error }, 'The process could not start');
    say(
      line ?? `It could not start: ${error instanceof Error ? error.message : String(error)}. The log on standard output has the details.`,
    );
    process.exit(1);
  }
}

/** A line for the person at the terminal. It goes to standard error: standard output is the log's, and holds JSON lines alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The log of what happens besides requests: JSON lines on standard output, as the requests' own. */
export function createProcessLog(level: string = 'warn'): Logger {
  return pino({ level }, redactedStream());
}

/** Logs an uncaught error, which Node would print as plain text, and ends the process. */
export function logCrashes(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'Uncaught error; the process ends');
    process.exit(1);
  });
}

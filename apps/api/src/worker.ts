import { MigrationError, DataFolderLockedError } from '@granary/db';
import { workerChores } from './chores.ts';
import { ConfigError, readConfig } from './config.ts';
import { registerJobHandlers } from './job-handlers.ts';
import { closeDependencies, openDependencies } from './dependencies.ts';
import { startChores } from './jobs/schedule.ts';
import { createProcessLog, runMain, stopOnSignals } from './process-lifetime.ts';
import { createServices } from './services.ts';
import { startWatchdog } from './watchdog.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** A worker alone, beside API processes on the same PostgreSQL. */
async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config.databaseUrl === undefined)
    throw new ConfigError('A separate worker needs DATABASE_URL: the embedded database belongs to one process, which is its own worker.');
  const log = createProcessLog();
  const deps = await openDependencies(config, log);
  const services = createServices(deps);
  await registerJobHandlers(deps.jobs, services);
  const stopChores = startChores(workerChores(deps.db, services), log, deps.disk);
  const stopWatchdog = startWatchdog(config.watchdogSeconds);
  stopOnSignals(async () => {
    stopWatchdog();
    await stopChores();
    await closeDependencies(deps);
  });
  print('The worker is ready.');
}

await runMain(main, [ConfigError, DataFolderLockedError, MigrationError]);

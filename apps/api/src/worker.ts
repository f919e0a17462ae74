import { buildWorkerApp } from './build-worker-app.ts';
import { commonChores, workerChores } from './chores.ts';
import { ConfigError, readConfig } from './config.ts';
import { registerJobHandlers } from './job-handlers.ts';
import { closeDependencies, openDependencies } from './dependencies.ts';
import { startChores } from './jobs/schedule.ts';
import { listen } from './listen.ts';
import { findMisspeltSettings } from './misspelt-settings.ts';
import { createProcessLog, logCrashes, runMain, say, stopOnSignals } from './process-lifetime.ts';
import { createServices } from './services.ts';
import { describeStartError } from './start-error.ts';
import { answerUsage } from './usage.ts';
import { startWatchdog } from './watchdog.ts';

/** A worker alone, beside API processes on the same PostgreSQL. Serves its health and metrics on WORKER_PORT. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (
    answerUsage(
      argv,
      'node apps/api/src/worker.ts [OPTIONS]: works on jobs; needs DATABASE_URL. It listens on WORKER_PORT (else 4322), not on --port.',
    )
  )
    return;
  const config = readConfig(argv, process.env);
  if (config.databaseUrl === undefined)
    throw new ConfigError(
      'DATABASE_URL: a separate worker needs it. The embedded database belongs to one process, which is its own worker.',
    );
  const log = createProcessLog(config.logLevel);
  logCrashes(log);
  for (const misspelt of findMisspeltSettings(process.env))
    log.warn(misspelt, 'The environment has a name that is no setting; is it misspelt?');
  const deps = await openDependencies(config, log);
  const services = createServices(deps);
  const app = await buildWorkerApp(deps, services);
  await registerJobHandlers(deps.jobs, services);
  const stopChores = startChores([...commonChores(deps), ...workerChores(deps.db, services)], log, deps.disk);
  const stopWatchdog = startWatchdog(config.watchdogSeconds);
  stopOnSignals(async () => {
    stopWatchdog();
    await app.close();
    await stopChores();
    await closeDependencies(deps);
  });
  const port = await listen(app, { host: config.host, port: config.workerPort, setting: 'WORKER_PORT' });
  log.info({ port }, 'The worker is ready');
  say(`The worker is ready. Health and metrics: port ${port}`);
}

await runMain(main, describeStartError);

import { buildApp } from './build-app.ts';
import { commonChores, workerChores } from './chores.ts';
import { readConfig, type Config } from './config.ts';
import { registerJobHandlers } from './job-handlers.ts';
import { closeDependencies, openDependencies } from './dependencies.ts';
import { startChores } from './jobs/schedule.ts';
import { listen } from './listen.ts';
import { findMisspeltSettings } from './misspelt-settings.ts';
import { createProcessLog, logCrashes, runMain, say, stopOnSignals } from './process-lifetime.ts';
import { seedDemo } from './seed/seed-demo.ts';
import { seedStarter } from './seed/seed-starter.ts';
import { createServices, type Services } from './services.ts';
import { describeStartError } from './start-error.ts';
import { answerUsage } from './usage.ts';
import { startWatchdog } from './watchdog.ts';

/** API, web page and (unless WORKER=0) worker in one process. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (answerUsage(argv, 'npm start -- [OPTIONS]: runs Granary, with its web page and its jobs.')) return;
  const config = readConfig(argv, process.env);
  const log = createProcessLog(config.logLevel);
  logCrashes(log);
  for (const misspelt of findMisspeltSettings(process.env))
    log.warn(misspelt, 'The environment has a name that is no setting; is it misspelt?');
  const deps = await openDependencies(config, log);
  const services = createServices(deps);
  await services.accounts.fillSkeletons();
  await seedStarter(deps, services);
  const demo = config.demo ? await seedDemo(deps, services) : [];
  const app = await buildApp(deps, services);
  if (config.worker) await registerJobHandlers(deps.jobs, services);
  const stopChores = startChores([...commonChores(deps), ...(config.worker ? workerChores(deps.db, services) : [])], log, deps.disk);
  const stopWatchdog = startWatchdog(config.watchdogSeconds);
  stopOnSignals(async () => {
    stopWatchdog();
    await app.close();
    await stopChores();
    await closeDependencies(deps);
  });
  const port = await listen(app, { host: config.host, port: config.port, setting: 'PORT (--port)' });
  log.info({ port }, 'The server is ready');
  await announce(config, services, port, demo);
}

/** For a person: the log on standard output has JSON lines alone. */
async function announce(config: Config, services: Services, port: number, demo: readonly string[]): Promise<void> {
  const address = config.publicUrl ?? `http://${config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host}:${port}`;
  say(`\nGranary is ready:  ${address}`);
  for (const line of demo) say(line);
  const setup = await services.accounts.createSetupLink(address);
  if (setup !== null) say(`There is no admin yet. Open this link once to become the first:\n                   ${setup}`);
  say('Stop with Ctrl-C.\n');
}

await runMain(main, describeStartError);

import type { AddressInfo } from 'node:net';
import { DataFolderLockedError, MigrationError, RestoreUnfinishedError } from '@granary/db';
import { buildApp } from './build-app.ts';
import { apiChores, workerChores } from './chores.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { registerJobHandlers } from './job-handlers.ts';
import { closeDependencies, openDependencies } from './dependencies.ts';
import { startChores } from './jobs/schedule.ts';
import { createProcessLog, runMain, stopOnSignals } from './process-lifetime.ts';
import { seedDemo } from './seed/seed-demo.ts';
import { seedStarter } from './seed/seed-starter.ts';
import { createServices, type Services } from './services.ts';
import { startWatchdog } from './watchdog.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);
const log = createProcessLog();

/** API, web page and (unless WORKER=0) worker in one process. */
async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  const deps = await openDependencies(config, log);
  const services = createServices(deps);
  await seedStarter(deps, services);
  const demo = config.demo ? await seedDemo(deps, services) : [];
  const app = await buildApp(deps, services);
  if (config.worker) await registerJobHandlers(deps.jobs, services);
  const stopChores = startChores([...apiChores(deps), ...(config.worker ? workerChores(deps.db, services) : [])], log, deps.disk);
  const stopWatchdog = startWatchdog(config.watchdogSeconds);
  stopOnSignals(async () => {
    stopWatchdog();
    await app.close();
    await stopChores();
    await closeDependencies(deps);
  });
  await listen(app, config);
  const { port } = app.server.address() as AddressInfo;
  await announce(config, services, port, demo);
}

async function listen(app: Awaited<ReturnType<typeof buildApp>>, { port, host }: Config): Promise<void> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new ConfigError(`Port ${port} is in use by another program. Choose another one: npm start -- --port ${port + 1}`, {
        cause: error,
      });
    if (code === 'EACCES')
      throw new ConfigError(`Port ${port} may not be opened by this user. Choose one above 1023 with --port.`, { cause: error });
    throw error;
  }
}

async function announce(config: Config, services: Services, port: number, demo: readonly string[]): Promise<void> {
  const address = config.publicUrl ?? `http://${config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host}:${port}`;
  print(`\nGranary is ready:  ${address}`);
  for (const line of demo) print(line);
  const setup = await services.accounts.createSetupLink(address);
  if (setup !== null) print(`There is no admin yet. Open this link once to become the first:\n                   ${setup}`);
  print('Stop with Ctrl-C.\n');
}

await runMain(main, [ConfigError, DataFolderLockedError, MigrationError, RestoreUnfinishedError]);

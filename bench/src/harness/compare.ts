import { startApiServer, type ApiServer } from './api-server.ts';
import type { HttpConnection } from './http-connection.ts';
import { summarise, type Latency } from './latency.ts';
import type { Lifetime } from './lifetime.ts';
import { arriveAtRate, saturate, type Operation } from './load.ts';
import type { BenchOptions } from './options.ts';
import { runPgbench } from './pgbench.ts';
import type { PgbenchScript } from './pgbench-script.ts';
import { settle } from './postgres.ts';
import { describeLatency, mean, round, say } from './report.ts';
import { databaseConnections, openConnections, warmUpSeconds } from './stage.ts';

/** Share of the throughput found at which the times of single requests are taken. */
const pacedShare = 0.7;

export type Comparison = {
  perSecond: number;
  floorPerSecond: number;
  ratio: number;
  /** While requests arrive at random at `pacedPerSecond`. */
  p50Ms: number;
  p99Ms: number;
  pacedPerSecond: number;
  /** While every connection sends as fast as it can. */
  saturatedP50Ms: number;
  saturatedP99Ms: number;
  peakMb: number | null;
};

type Sides = {
  databaseUrl: string;
  scripts: readonly PgbenchScript[];
  connections: number;
  /** API processes that share the work; the connections are dealt out among them. */
  processes?: number;
  operation: Operation;
  /** Runs against the server when all is measured. */
  afterwards?: (connections: readonly HttpConnection[]) => Promise<void>;
};

/**
 * Floor, server, floor: the same database, one after the other in one run, so that what the machine does besides falls on
 * both sides. The server is measured twice: as fast as it can for the throughput, then at a part of that for the times.
 */
export async function compare(lifetime: Lifetime, options: BenchOptions, sides: Sides): Promise<Comparison> {
  const { databaseUrl, processes = 1 } = sides;
  const floors = [await floor(lifetime, options, sides)];
  const servers: ApiServer[] = [];
  const connections: HttpConnection[] = [];
  for (let process = 0; process < processes; process += 1) {
    const server = await startApiServer(lifetime, {
      databaseUrl,
      env: { DATABASE_POOL: String(Math.ceil(databaseConnections / processes)) },
      profile: options.profile,
    });
    servers.push(server);
    connections.push(...(await openConnections(lifetime, server.url, sides.connections / processes)));
  }
  await settle(databaseUrl);
  const full = await saturate(connections, sides.operation, { seconds: options.seconds, warmUpSeconds });
  const saturated = summarise(full.timesMs);
  say(`  server: ${round(full.perSecond, 0)}/s with ${sides.connections} connections; ${describeLatency(saturated)}`);
  await settle(databaseUrl);
  const paced = await arriveAtRate(connections, sides.operation, { seconds: options.seconds, perSecond: full.perSecond * pacedShare });
  const latency: Latency = summarise(paced.timesMs);
  say(`  server at ${round(paced.perSecond, 0)}/s: ${describeLatency(latency)}`);
  await sides.afterwards?.(connections);
  const peaks = servers.flatMap((server) => server.peakMb() ?? []);
  for (const server of servers) await server.stop();
  floors.push(await floor(lifetime, options, sides));
  return {
    perSecond: round(full.perSecond),
    floorPerSecond: round(mean(floors)),
    ratio: round(full.perSecond / mean(floors), 3),
    p50Ms: round(latency.p50Ms, 2),
    p99Ms: round(latency.p99Ms, 2),
    pacedPerSecond: round(paced.perSecond),
    saturatedP50Ms: round(saturated.p50Ms, 2),
    saturatedP99Ms: round(saturated.p99Ms, 2),
    /** Of all processes together. */
    peakMb: peaks.length === 0 ? null : peaks.reduce((sum, peak) => sum + peak, 0),
  };
}

async function floor(lifetime: Lifetime, { seconds }: BenchOptions, { databaseUrl, scripts }: Sides): Promise<number> {
  await settle(databaseUrl);
  const perSecond = await runPgbench(lifetime, scripts, { databaseUrl, clients: databaseConnections, seconds, warmUpSeconds });
  say(`  floor:  ${round(perSecond, 0)}/s (pgbench, the same statements, ${databaseConnections} connections)`);
  return perSecond;
}

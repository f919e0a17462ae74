import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endProcess } from './api-server.ts';
import type { Lifetime } from './lifetime.ts';
import type { PgbenchScript } from './pgbench-script.ts';

export type FloorOptions = { databaseUrl: string; clients: number; seconds: number; warmUpSeconds: number };

/**
 * Runs scripts (each as often as the others, by chance) with pgbench: prepared statements, one connection per client, two
 * threads. Gives transactions per second after the warm-up. Throws when a client breaks off.
 */
export async function runPgbench(lifetime: Lifetime, scripts: readonly PgbenchScript[], options: FloorOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'granary-pgbench-'));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
  const files: string[] = [];
  for (const [index, { text }] of scripts.entries()) {
    const file = join(folder, `${index}.sql`);
    await writeFile(file, text);
    files.push('-f', file);
  }
  const variables = Object.assign({}, ...scripts.map((script) => script.variables)) as Record<string, string>;
  const measure = (seconds: number) => {
    // New ids begin with the time, so that those of one run never meet those of another.
    variables['run'] = Date.now().toString(16).padStart(12, '0').replace(/^.{8}/, '$&-');
    const definitions = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
    const load = ['-n', '-M', 'prepared', '-c', String(options.clients), '-j', '2', '-T', String(seconds)];
    return run(
      lifetime,
      [...load, ...definitions, ...files, ...connectionArguments(options.databaseUrl)],
      decodeURIComponent(new URL(options.databaseUrl).password),
    );
  };
  // The warm-up is a run of its own: pgbench has none. What it warms is the server's memory; statements are prepared again.
  if (options.warmUpSeconds > 0) await measure(options.warmUpSeconds);
  return measure(options.seconds);
}

/** Server, user and database as arguments; a password goes through PGPASSWORD. */
export function connectionArguments(databaseUrl: string): string[] {
  const url = new URL(databaseUrl);
  const user = url.username ? ['-U', decodeURIComponent(url.username)] : [];
  return ['-h', url.hostname || '127.0.0.1', '-p', url.port || '5432', ...user, url.pathname.slice(1)];
}

async function run(lifetime: Lifetime, args: string[], password: string): Promise<number> {
  const child = spawn(findTool('pgbench'), args, {
    env: { ...process.env, PGPASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  lifetime.defer(() => endProcess(child, 1_000));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const perSecond = Number(/tps = ([\d.]+) \(without initial connection time\)/.exec(output)?.[1]);
  if (code !== 0 || Number.isNaN(perSecond) || /aborted/.test(output)) throw new Error(`pgbench failed:\n${output.slice(0, 4_000)}`);
  return perSecond;
}

/** A client tool of PostgreSQL: on the PATH, or where Debian keeps those of each version. */
export function findTool(tool: 'pgbench' | 'psql'): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.map((version) => join(debian, version, 'bin'))];
  const found = folders.map((folder) => join(folder, tool)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${tool} is missing: it comes with PostgreSQL's client tools (Debian: postgresql-contrib).`);
  return found;
}

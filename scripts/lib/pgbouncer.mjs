// Finds PgBouncer for the tests that run through it, or gets it where that takes no more than the system's package manager.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of PgBouncer, or undefined when there is none and none could be had: tests that need it are skipped then, and counted as skipped. */
export function ensurePgBouncer(say) {
  const found = findPgBouncer();
  if (found || !existsSync('/etc/debian_version') || process.getuid?.() !== 0) return found;
  say('No PgBouncer found (PGBOUNCER_PATH, PATH): getting one …');
  // A service that the package starts by itself would take a port that may be somebody's.
  const apt = 'apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends pgbouncer';
  spawnSync('sh', ['-c', apt], { stdio: ['ignore', 'ignore', 'inherit'] });
  return findPgBouncer();
}

function findPgBouncer() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return [process.env.PGBOUNCER_PATH, ...folders.map((folder) => join(folder, 'pgbouncer'))].find((path) => path && existsSync(path));
}

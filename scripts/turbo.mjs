// Runs tasks in every workspace through turbo, which stays quiet about it: no telemetry, no look for a newer version.
import './lib/check-runtime.mjs';
import { spawnSync } from 'node:child_process';
import { generate } from './generate.mjs';
import { toolEnvironment } from './lib/prepare.mjs';
import { root } from './lib/project.mjs';

const tasks = process.argv.slice(2);
const env = toolEnvironment({ TURBO_NO_UPDATE_NOTIFIER: '1', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' });
// Types and the page need the Prisma client; one failing workspace does not hide what is wrong in the others.
generate();
const args = ['run', ...tasks, '--continue', '--output-logs=errors-only', '--log-order=grouped'];
process.exitCode = spawnSync('turbo', args, { cwd: root, env, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;

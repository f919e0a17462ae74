// The real server on an embedded database in a folder of its own, as `npm start` runs it.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolEnvironment } from '../lib/prepare.mjs';
import { root, runtime } from '../lib/project.mjs';

const startTimeoutMs = 120_000;

export async function startServer(folder) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Cards and metadata name the address that they can be read at.
  const env = toolEnvironment({ RATE_LIMIT_FACTOR: '0', PUBLIC_URL: url, DATABASE_URL: '', STORAGE_URL: '', SMTP_URL: '' });
  const args = [join(root, 'apps/api/src/server.ts'), '--host', '127.0.0.1', '--port', String(port), '--data', folder];
  const child = spawn(runtime(), args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const deadline = Date.now() + startTimeoutMs;
  while (!output.includes('Stop with Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}:\n${output}`);
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`The server was not ready in ${startTimeoutMs / 1000} s:\n${output}`);
    }
    await sleep(50);
  }
  return { url, setupToken: /setup#token=(\S+)/.exec(output)?.[1] ?? '', stop };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

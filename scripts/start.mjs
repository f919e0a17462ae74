// `npm start`: installs and builds what is missing, then becomes the server. Plain JavaScript for Node 20.19 and newer.
import './lib/check-runtime.mjs';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverArguments } from './lib/arguments.mjs';
import { build, install, PrepareError, toolEnvironment } from './lib/prepare.mjs';
import { root, runtime } from './lib/project.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

try {
  install(say);
  const asksOnly = process.argv.slice(2).some((word) => word === '--help' || word === '--version');
  if (!asksOnly) await build(say, { withBase: !process.env.DATABASE_URL });
  becomeServer();
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/** Signals and the exit code are the server's own from here on. */
function becomeServer() {
  const watch =
    process.env.npm_lifecycle_event === 'start' ? ['--import', pathToFileURL(join(root, 'scripts/lib/stop-with-parent.mjs')).href] : [];
  const args = [...watch, join(root, 'apps/api/src/server.ts'), ...serverArguments(process.argv.slice(2), process.env)];
  const env = toolEnvironment();
  if (process.execve && process.platform !== 'win32') {
    // Node says that this call may still change; the person at the terminal need not know.
    process.removeAllListeners('warning');
    process.execve(runtime(), [runtime(), ...args], env);
  }
  superviseServer(spawn(runtime(), args, { stdio: 'inherit', env }));
}

/** For a Node that cannot turn into another program: stays as a go-between. */
function superviseServer(child) {
  let told = false;
  const tell = (signal) => {
    told = true;
    // A terminal sends Ctrl-C to both processes; sent on as well, the server would take it for the second, impatient one.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, tell);
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid === parent || told || tell('SIGTERM'), 200);
  if (process.env.npm_lifecycle_event !== 'start') clearInterval(watch);
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

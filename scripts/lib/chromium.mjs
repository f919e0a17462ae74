// Finds a Chromium for the browser journeys, or gets one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { root, runtime } from './project.mjs';

/** The shell without a window first: it does the same in a quarter less of the processor's time. */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium that can be started, or undefined when there is none and none could be had. */
export function ensureChromium(say) {
  const found = findChromium();
  if (found) return found;
  say('No Chromium found (CHROMIUM_PATH, PATH, Playwright): getting one …');
  spawnSync(runtime(), [join(root, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const downloaded = findChromium();
  if (downloaded) return downloaded;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    const get = (name) => `DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${name}`;
    spawnSync('sh', ['-c', `apt-get update -qq; ${get('chromium-headless-shell')} || ${get('chromium')}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return findChromium();
}

function findChromium() {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CHROMIUM_PATH, ...onPath, playwrightsOwn()].find((path) => path && isExecutable(path));
}

function playwrightsOwn() {
  try {
    return createRequire(join(root, 'e2e/package.json'))('@playwright/test').chromium.executablePath();
  } catch {
    return undefined;
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

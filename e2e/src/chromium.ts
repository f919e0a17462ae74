import { existsSync } from 'node:fs';

const wellKnown = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A browser of the system, `CHROMIUM_PATH` first; undefined leaves the choice to Playwright's own download. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...wellKnown].find((path) => path !== undefined && path !== '' && existsSync(path));
}

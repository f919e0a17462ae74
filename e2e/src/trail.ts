import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Frame, TestInfo } from '@playwright/test';

// Kept with the packages, as every cache of this project. `npm test -- --changed` reads it, to run what a change can affect.
const folder = fileURLToPath(new URL('../../node_modules/.cache/granary/journey-trails', import.meta.url));
const addresses = new Set<string>();

/** Notes the address of a page or of an API request that the running journey asked for. */
export function noteAddress(address: string): void {
  addresses.add(new URL(address, 'http://granary.test').pathname);
}

/** Notes what the pages of a browser open and request. */
export function followTrail(context: BrowserContext): void {
  const noteFrame = (frame: Frame) => noteAddress(frame.url());
  context.on('page', (page) => page.on('framenavigated', noteFrame));
  context.on('request', (request) => {
    if (request.url().includes('/api/')) noteAddress(request.url());
  });
}

/** Writes what was noted since the last time as the trail of this test. One that failed may have missed a part, and keeps its old trail. */
export function writeTrail({ file, titlePath, status }: TestInfo): void {
  const trail = { fingerprint: hash(readFileSync(file)), addresses: [...addresses].toSorted() };
  addresses.clear();
  if (status !== 'passed') return;
  const own = join(folder, basename(file));
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, `${hash(titlePath.join('\n')).slice(0, 16)}.json`), JSON.stringify(trail));
}

const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

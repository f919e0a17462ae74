import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './src/chromium.ts';
import { patienceMs } from './src/patience.ts';

const executablePath = findChromium();

/** Journeys through the real server in a real browser. Each worker has a server and a database of its own. */
export default defineConfig({
  testDir: './src',
  testMatch: '**/*.journey.ts',
  outputDir: './test-results',
  // Any worker takes any journey, in any order: `--shuffle SEED` tries another one.
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // The sum of its steps, generously. What is stuck fails long before, by the limit of its step.
  timeout: 6 * patienceMs,
  expect: { timeout: patienceMs, toPass: { timeout: patienceMs } },
  reporter: [['list'], ['json', { outputFile: process.env.E2E_REPORT ?? './test-results/report.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: patienceMs,
    navigationTimeout: patienceMs,
    contextOptions: { reducedMotion: 'reduce' },
    // It would fetch the shell once more for every browser that a journey opens. The journeys about it allow it.
    serviceWorkers: 'block',
    // A failure leaves a screenshot and the page's accessibility tree. A trace would be recorded of every journey, for one
    // that fails: `--trace retain-on-failure` asks for it.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
});

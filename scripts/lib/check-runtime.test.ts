import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeRuntime } from './check-runtime.mjs';

const scripts = fileURLToPath(new URL('..', import.meta.url));

test.each([
  ['12.22.12', '', 'Node 12.22.12 is too old: Granary needs 20.19 or newer. Install it from https://nodejs.org.'],
  ['20.18.3', '', 'Node 20.18.3 is too old: Granary needs 20.19 or newer. Install it from https://nodejs.org.'],
  ['20.19.0', '', ''],
  ['22.1.0', 'npm/10.8.2 node/v22.1.0 linux x64', ''],
  ['24.21.0', 'yarn/1.22.0 npm/? node/v24', ''],
  ['20.19.0', 'npm/6.14.18 node/v20.19.0', 'npm 6.14 is too old: Granary needs npm 10 or newer. Run: npm install --global npm@10'],
])('Node %s with "%s"', (node, agent, expected) => {
  expect(describeRuntime(node, agent)).toBe(expected);
});

test('an old Node gets one line from every script that people run, and nothing else happens', () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' })";
  for (const name of readdirSync(scripts).filter((file) => file.endsWith('.mjs'))) {
    const run = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(old)}`, join(scripts, name)], {
      encoding: 'utf8',
    });
    expect([name, run.status, run.stderr.trim().split('\n'), run.stdout]).toEqual([
      name,
      1,
      ['Node 18.20.4 is too old: Granary needs 20.19 or newer. Install it from https://nodejs.org.'],
      '',
    ]);
  }
});

test('every script that people run begins with the check', () => {
  for (const name of readdirSync(scripts).filter((file) => file.endsWith('.mjs'))) {
    const [first] = readFileSync(join(scripts, name), 'utf8').match(/^import .*$/m) ?? [];
    expect([name, first]).toEqual([name, "import './lib/check-runtime.mjs';"]);
  }
});

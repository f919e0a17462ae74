// `npm run bench -- NAME`: runs bench/src/NAME.ts under the project's Node; without a name, says which there are.
import './lib/check-runtime.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from './lib/prepare.mjs';
import { root, runtime } from './lib/project.mjs';

const folder = join(root, 'bench/src');
const [name = '', ...args] = process.argv.slice(2);
const file = join(folder, `${name}.ts`);

if (/^[a-z][a-z0-9-]*$/.test(name) && existsSync(file)) {
  process.exitCode = spawnSync(runtime(), [file, ...args], { cwd: root, env: toolEnvironment(), stdio: 'inherit' }).status ?? 1;
} else {
  const known = readdirSync(folder)
    .filter((item) => item.endsWith('.ts') && !item.endsWith('.test.ts'))
    .map((item) => item.slice(0, -3));
  console.error(`Usage: npm run bench -- NAME    (one of: ${known.join(', ')})`);
  process.exitCode = 1;
}

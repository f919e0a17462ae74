// `npm run interop`: has Python's tools for data sets read what a server publishes. Needs `python3` with its package registry;
// without Python it says so and ends well. Words after `--` choose parts: `npm run interop -- downloads croissant`. Plain JavaScript for Node 20.19 and newer.
import './lib/check-runtime.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPython, PythonMissingError } from './interop/python.mjs';
import { publishFixtures } from './interop/community.mjs';
import { startServer } from './interop/server.mjs';
import { build, install, PrepareError, toolEnvironment } from './lib/prepare.mjs';
import { root, runtime } from './lib/project.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof PythonMissingError) {
    say(`${error.message} Nothing was checked.`);
  } else if (error instanceof PrepareError) {
    say(error.message);
    process.exitCode = 1;
  } else throw error;
}

async function main() {
  install(say);
  await build(say, { withBase: true });
  const python = createPython(say);
  const folder = mkdtempSync(join(tmpdir(), 'granary-interop-'));
  const server = await startServer(join(folder, 'data'));
  try {
    say(`Filling and publishing a dataset at ${server.url} …`);
    const published = await publishFixtures(server);
    return await python.run([join(root, 'scripts/interop/check.py'), ...process.argv.slice(2)], {
      ...toolEnvironment(),
      PYTHONDONTWRITEBYTECODE: '1',
      HF_ENDPOINT: server.url,
      HF_HOME: join(folder, 'hf'),
      HF_HUB_DISABLE_TELEMETRY: '1',
      HF_HUB_DISABLE_PROGRESS_BARS: '1',
      HF_DATASETS_DISABLE_PROGRESS_BARS: '1',
      TQDM_DISABLE: '1',
      TRANSFORMERS_VERBOSITY: 'error',
      GRANARY_SERVER: server.url,
      GRANARY_DATASET: published.slug,
      GRANARY_SNAPSHOTS: String(published.snapshots),
      GRANARY_COMMAND: JSON.stringify([runtime(), join(root, 'apps/api/src/cli.ts')]),
      GRANARY_FOLDER: folder,
    });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { layerViolation } from './layers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each([
  ['packages/contract/src/a.ts', 'node:fs'],
  ['packages/contract/src/a.ts', 'uuid'],
  ['packages/contract/src/a.ts', '@granary/domain'],
  ['packages/contract/src/a.ts', '../../domain/src/b.ts'],
  ['packages/domain/src/a.ts', 'zod'],
  ['packages/domain/src/a.ts', 'node:crypto'],
  ['packages/domain/src/a.ts', '@granary/db'],
  ['packages/corpus/src/a.ts', '@granary/domain'],
  ['packages/corpus/src/a.ts', '@granary/db'],
  ['packages/db/src/a.ts', '@granary/contract'],
  ['apps/web/src/app/a.tsx', 'node:path'],
  ['apps/web/src/app/a.tsx', '@granary/db'],
  ['apps/web/src/app/a.tsx', '@granary/corpus'],
  ['apps/web/src/app/a.tsx', '../../../api/src/errors.ts'],
  ['apps/web/src/features/drafts/a.ts', '../reviews/api/b.ts'],
  ['apps/web/src/features/drafts/components/a.tsx', '../../reviews/api/b.ts'],
  ['apps/web/src/features/drafts/a.ts', '../../app/router.tsx'],
  ['apps/web/src/components/a.tsx', '../features/drafts/b.ts'],
  ['apps/web/src/components/a.tsx', '../app/paths.ts'],
  ['apps/web/src/lib/a.ts', '../features/drafts/b.ts'],
  ['apps/web/src/lib/a.ts', '../components/button.tsx'],
  ['apps/api/src/server.ts', '@granary/web'],
  ['apps/api/src/modules/entries/routes.ts', '@granary/db'],
  ['apps/api/src/modules/entries/routes.ts', '@granary/db/testing'],
  ['apps/api/src/modules/entries/routes.ts', './repository.ts'],
  ['apps/api/src/modules/entries/pair-routes.ts', './pair-repository.ts'],
  ['apps/api/src/modules/entries/repository.ts', '@granary/domain'],
  ['apps/api/src/modules/entries/repository.ts', './service.ts'],
  ['apps/api/src/modules/entries/repository.ts', './routes.ts'],
  ['apps/api/src/modules/entries/service.ts', './routes.ts'],
  ['apps/api/src/modules/entries/service.ts', '../reviews/repository.ts'],
  ['apps/api/src/modules/entries/jobs/index-entries.ts', '../../reviews/repository.ts'],
  ['e2e/src/a.ts', '@granary/api'],
  ['bench/src/a.ts', '../../apps/web/src/a.ts'],
])('%s must not import %s', (file, specifier) => {
  expect(layerViolation(file, specifier)).toBeTypeOf('string');
});

test.each([
  ['packages/contract/src/a.ts', 'zod'],
  ['packages/contract/src/a.ts', './b.ts'],
  ['packages/contract/src/a.test.ts', 'vitest'],
  ['packages/domain/src/a.ts', '@granary/contract'],
  ['packages/domain/src/a.test.ts', 'fast-check'],
  ['packages/domain/src/a.test.ts', 'node:fs'],
  ['packages/corpus/src/a.ts', 'node:zlib'],
  ['packages/corpus/src/a.ts', 'csv-parse'],
  ['apps/web/src/app/a.tsx', '../features/drafts/b.ts'],
  ['apps/web/src/features/drafts/api/a.ts', '../components/b.tsx'],
  ['apps/web/src/features/drafts/a.ts', '../../components/button.tsx'],
  ['apps/web/src/components/a.tsx', '../lib/b.ts'],
  ['apps/web/src/app/a.tsx', 'react'],
  ['apps/web/vite.config.ts', 'node:path'],
  ['apps/api/src/modules/entries/routes.ts', './service.ts'],
  ['apps/api/src/modules/entries/service.ts', './repository.ts'],
  ['apps/api/src/modules/entries/service.ts', '@granary/domain'],
  ['apps/api/src/modules/entries/jobs/a.ts', '../repository.ts'],
  ['apps/api/src/modules/entries/repository.ts', '@granary/db'],
  ['vitest.config.ts', 'vitest/config'],
])('%s may import %s', (file, specifier) => {
  expect(layerViolation(file, specifier)).toBeUndefined();
});

test('the linter, with the configuration of this project, reports broken layers and cycles as errors', () => {
  const tree = mkdtempSync(join(tmpdir(), 'granary-lint-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };
  try {
    write('.oxlintrc.json', readFileSync(join(root, '.oxlintrc.json'), 'utf8'));
    write('package.json', '{ "type": "module" }');
    cpSync(join(root, 'scripts/lint'), join(tree, 'scripts/lint'), { recursive: true });
    write('packages/contract/src/import.ts', "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('x', 'utf8');\n");
    write('packages/contract/src/export.ts', "export { layer } from '@granary/db';\n");
    write('packages/contract/src/dynamic.ts', "export const later = () => import('@granary/api');\n");
    write('packages/contract/src/type.ts', "import type { Layer } from '@granary/corpus';\nexport type Mine = Layer;\n");
    write('packages/db/src/one.ts', "import { two } from './two.ts';\nexport const one = () => two();\n");
    write('packages/db/src/two.ts', "import { one } from './one.ts';\nexport const two = (): unknown => one();\n");
    write('packages/db/src/fine.ts', "import { join } from 'node:path';\nexport const fine = join('a', 'b');\n");
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--format=json', 'packages'], {
      cwd: tree,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string; severity: string }[] };
    const found = diagnostics.map(({ code, filename, severity }) => `${severity} ${code} ${filename}`).sort();
    expect(found).toEqual([
      'error granary(layers) packages/contract/src/dynamic.ts',
      'error granary(layers) packages/contract/src/export.ts',
      'error granary(layers) packages/contract/src/import.ts',
      'error granary(layers) packages/contract/src/type.ts',
      'error import(no-cycle) packages/db/src/one.ts',
      'error import(no-cycle) packages/db/src/two.ts',
    ]);
    expect(status).toBe(1);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Service {
  command?: string[];
  depends_on?: Record<string, unknown>;
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  volumes?: string[];
}

test('the compose file is consistent and starts files that exist', () => {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const { services, volumes } = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };
  expect(Object.keys(services).sort()).toEqual(['api', 'postgres', 's3', 's3-bucket', 'worker']);
  for (const service of Object.values(services)) {
    for (const name of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty([name]);
    for (const mount of service.volumes ?? []) expect(volumes).toHaveProperty([mount.split(':')[0] ?? '']);
    const started = (service.command ?? []).filter((word) => word.endsWith('.ts'));
    for (const file of started) expect(existsSync(join(root, file))).toBe(true);
  }
  expect(services['api']?.environment).toMatchObject({ WORKER: '0', DATABASE_URL: expect.stringContaining('@postgres:5432/') as string });
  expect(services['worker']?.environment).not.toHaveProperty('WORKER');
  expect(services['api']?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:4321/api/health/ready');
  expect(services['worker']?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:4322/api/health/ready');
});

test('the image copies the manifest of every workspace before it installs', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, unknown> };
  const workspaces = Object.keys(lock.packages).filter((path) => path !== '' && !path.includes('node_modules'));
  expect(workspaces.length).toBeGreaterThan(0);
  for (const path of workspaces) expect(dockerfile).toContain(`COPY ${path}/package.json ${path}/\n`);
  const command = /CMD \["node", "([^"]+)"\]/.exec(dockerfile)?.[1] ?? '';
  expect(existsSync(join(root, command))).toBe(true);
});

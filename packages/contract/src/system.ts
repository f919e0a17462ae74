import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';

export const systemEndpoints = {
  health: defineEndpoint({
    method: 'GET',
    path: '/api/health',
    tag: 'System',
    permission: 'public',
    summary: '200 once the server is ready',
    response: z.object({ status: z.literal('ok'), version: z.string(), database: z.enum(['pglite', 'postgres']) }),
    errors: ['not_ready'],
  }),
  live: defineEndpoint({
    method: 'GET',
    path: '/api/health/live',
    tag: 'System',
    permission: 'public',
    summary: '200 while the process answers at all',
    description: 'Asks nothing of the database or the store: restart a process that fails this.',
    response: z.object({ status: z.literal('ok'), version: z.string() }),
  }),
  ready: defineEndpoint({
    method: 'GET',
    path: '/api/health/ready',
    tag: 'System',
    permission: 'public',
    summary: '200 while the process can do its work',
    description:
      'Database and file store answer and the process is not stopping. Send requests elsewhere while this is 503; `detail` says why.',
    response: z.object({
      status: z.literal('ok'),
      version: z.string(),
      database: z.enum(['pglite', 'postgres']),
      storage: z.literal('ok'),
    }),
    errors: ['not_ready'],
  }),
  openapi: defineEndpoint({
    method: 'GET',
    path: '/api/openapi.json',
    tag: 'System',
    permission: 'public',
    summary: 'This interface as OpenAPI 3.1',
    response: z.record(z.string(), z.unknown()),
  }),
  metrics: defineEndpoint({
    method: 'GET',
    path: '/api/metrics',
    tag: 'System',
    permission: 'metrics:read',
    kind: 'file',
    summary: 'Figures for Prometheus',
    description: 'Plain text. Give Prometheus an access token with the scope `admin`. Not served where METRICS=0.',
  }),
  backup: defineEndpoint({
    method: 'GET',
    path: '/api/v1/backup',
    tag: 'System',
    permission: 'backups:make',
    kind: 'file',
    rateLimit: 'upload',
    summary: 'Back up the embedded database and the stored files',
    description:
      'A `tar.gz` that `npm run granary -- restore` reads: a consistent copy of the database, made while the server runs, and the files of snapshots where they are on local disk. It contains everything that the deployment knows, so keep it as safe as the deployment. One backup at a time. PostgreSQL is backed up by its own tools.',
    errors: ['backup_unavailable', 'storage_full'],
  }),
};

import { endpoints } from '@granary/contract';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { noRequests } from '../jobs/give-way.ts';
import { requestsUnderWayPlugin } from './requests-under-way.ts';

test('requests count from their arrival until they are answered; files do not', async () => {
  const underWay = noRequests();
  const app = Fastify();
  await app.register(requestsUnderWayPlugin, { underWay });
  const count = async () => ({ underWay: underWay[0] });
  app.get('/json', { config: { endpoint: endpoints.system.health } }, count);
  app.get('/file', { config: { endpoint: endpoints.snapshots.file } }, count);
  app.get('/broken', { config: { endpoint: endpoints.system.health } }, async () => Promise.reject(new Error('broken')));
  expect((await app.inject('/json')).json()).toEqual({ underWay: 1 });
  expect((await app.inject('/file')).json()).toEqual({ underWay: 0 });
  expect((await app.inject('/broken')).statusCode).toBe(500);
  expect(underWay[0]).toBe(0);
  await app.close();
});

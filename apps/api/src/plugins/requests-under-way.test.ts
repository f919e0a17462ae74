import { endpoints } from '@granary/contract';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { noRequests } from '../jobs/give-way.ts';
import { requestsUnderWayPlugin } from './requests-under-way.ts';

test('requests count until they are answered; files do not', async () => {
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

test('who has not sent all of a request is not waited for', async () => {
  const underWay = noRequests();
  const app = Fastify();
  const arrived = new Promise<void>((resolve) => app.addHook('preParsing', async () => resolve()));
  await app.register(requestsUnderWayPlugin, { underWay });
  app.post('/json', { config: { endpoint: endpoints.system.health } }, async () => ({ underWay: underWay[0] }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST /json HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{');
  await arrived;
  expect(underWay[0]).toBe(0);
  socket.write('}');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('{"underWay":1}');
  await once(socket, 'close');
  expect(underWay[0]).toBe(0);
  await app.close();
});

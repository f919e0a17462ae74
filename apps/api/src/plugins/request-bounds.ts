import { limits } from '@granary/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import { ApiError } from '../errors.ts';
import { watchPace } from '../http/body-pace.ts';

/** A host name or an address, with or without a port. A client of HTTP/1.0 may send none. */
const hostPattern = /^(?:(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?)?$/;
/** Whoever still sends a body when it is refused is not listened to any longer. */
const headers = { connection: 'close' };

/** Refuses what no route should see: a `Host` that no link can begin with, an endless address, a body that hardly moves. */
export const requestBoundsPlugin = fastifyPlugin(
  async (app: FastifyInstance, { timeoutMs }: { timeoutMs: number }) => {
    app.addHook('onRequest', async (request) => {
      if (!isHost(request.host))
        throw new ApiError('malformed_request', 'Host: send a host name, with or without a port, such as "granary.example.org".', {
          headers,
        });
      if (request.url.length > limits.addressMax)
        throw new ApiError('uri_too_long', `At most ${limits.addressMax} characters; this address has ${request.url.length}.`, { headers });
    });
    app.addHook('preParsing', async (request, reply, payload) => {
      if (!hasBody(request)) return payload;
      const close = () => void reply.header('connection', 'close');
      // Nobody reads the body of such a request, so nobody would notice that it never ends.
      if (request.method === 'GET' || request.method === 'HEAD') close();
      const whole = request.routeOptions.config.endpoint?.kind !== 'upload';
      return watchPace(payload, { timeoutMs, whole, onTimeout: close });
    });
    await Promise.resolve();
  },
  { name: 'request-bounds', dependencies: ['errors'] },
);

const isHost = (host: string): boolean => hostPattern.test(host) && (host === '' || URL.canParse(`http://${host}`));

const hasBody = ({ headers: given }: FastifyRequest): boolean =>
  given['transfer-encoding'] !== undefined || Number(given['content-length'] ?? 0) > 0;

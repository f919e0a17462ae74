import { limits } from '@granary/contract';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from '../errors.ts';
import { toProblem } from '../plugins/errors.ts';

type ClientError = Error & { code?: string; rawPacket?: unknown };

/**
 * Answers what Node's HTTP parser refuses before there is a request: `application/problem+json` like every other error, then the
 * end of the connection. For Fastify's `clientErrorHandler`; `headers` go with it.
 */
export function answerClientError(error: ClientError, socket: Socket, headers: Readonly<Record<string, string>>): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy(error);
  const problem = toApiError(error);
  const body = JSON.stringify(toProblem(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function toApiError({ code, rawPacket }: ClientError): ApiError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ApiError('request_timeout', 'The headers of a request must arrive in one go.');
  if (code !== 'HPE_HEADER_OVERFLOW') return new ApiError('malformed_request', 'This is not a request of HTTP/1.1.');
  // The parser counts address and headers together: without a line end, all of it is the address.
  return Buffer.isBuffer(rawPacket) && !rawPacket.includes('\n')
    ? new ApiError('uri_too_long', `At most ${limits.addressMax} characters; long filters belong in fewer, shorter values.`)
    : new ApiError('headers_too_large', `At most ${limits.headersMax} bytes; clear the cookies of this site, or send fewer headers.`);
}

import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Sends server-sent events until `poll` says it is done or the client leaves: one event per change of the data, a comment
 * every 15 s to keep proxies from closing. The state is read from the database, so any process can serve it.
 */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  poll: () => Promise<{ data: unknown; done: boolean }>,
  { intervalMs = 400 }: { intervalMs?: number } = {},
): Promise<void> {
  let state = await poll();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  let open = true;
  raw.on('close', () => (open = false));
  let sent = '';
  let lastWrite = 0;
  try {
    while (open && !request.server.shutdown.aborted) {
      const text = JSON.stringify(state.data);
      if (text !== sent) raw.write(`data: ${text}\n\n`);
      else if (Date.now() - lastWrite > 15_000) raw.write(': still here\n\n');
      if (text !== sent || Date.now() - lastWrite > 15_000) lastWrite = Date.now();
      sent = text;
      if (state.done) break;
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
      if (open) state = await poll();
    }
  } catch (error) {
    request.log.warn({ err: error }, 'event stream ended early');
  }
  if (open) raw.end();
}

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../errors.ts';
import { answerFileRequest } from './file-answer.ts';
import { openToAll } from './open-to-all.ts';
import type { SnapshotService } from './service.ts';

type StoredFile = Awaited<ReturnType<SnapshotService['file']>>;

/** For what lies under an address that never means another file. */
export const keptForever = 'public, max-age=31536000, immutable';

/** Answers with a published file, or the part of it that the request asks for. Throws `range_unsatisfiable`. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: StoredFile,
  { downloadName, cacheControl = keptForever }: { downloadName: string; cacheControl?: string },
): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`;
  const answer = answerFileRequest(request, { bytes: file.bytes, etag });
  if (!reply.hasHeader('access-control-allow-origin')) openToAll(reply);
  void reply.header('accept-ranges', 'bytes');
  if (answer.status === 416) {
    const detail = `The file has ${file.bytes} bytes.`;
    throw new ApiError('range_unsatisfiable', detail, { headers: { 'content-range': answer.contentRange } });
  }
  void reply.code(answer.status).header('etag', etag).header('cache-control', cacheControl);
  if (answer.status === 304) return reply.send();
  const kind = /^(text|image)\/|json/.test(file.mediaType) ? 'inline' : 'attachment';
  const disposition = `${kind}; filename="${downloadName}"`;
  // What is asked about a file is answered here; its bytes may come from the store, which is sent the same Range.
  const elsewhere = request.method === 'HEAD' || file.bytes === 0 ? null : await file.redirect(disposition);
  if (elsewhere !== null) return reply.header('cache-control', 'no-store').redirect(elsewhere, 302);
  if (answer.status === 206) void reply.header('content-range', answer.contentRange);
  // The Hub's client for JavaScript learns a file's size from here alone; others pass it over in an answer that is no part.
  else if (file.bytes === 0 && request.headers.range !== undefined) void reply.header('content-range', 'bytes */0');
  void reply.type(file.mediaType).header('content-length', answer.length).header('content-disposition', disposition);
  const nothing = request.method === 'HEAD' || answer.length === 0;
  return reply.send(nothing ? Readable.from([]) : await file.read(answer.range));
}

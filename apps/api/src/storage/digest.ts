import { createHash } from 'node:crypto';
import type { Stored } from './storage.ts';

export type Content = AsyncIterable<Uint8Array> | Uint8Array;

/** Passes bytes on and counts and hashes them; `result` is right once `content` has ended. */
export function digest(content: Content): { content: AsyncIterable<Uint8Array>; result: () => Stored } {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  return { content: measured(), result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

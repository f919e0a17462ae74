import type { SnapshotFile } from '@granary/contract';
import type { Client } from './client.ts';
import { RefusedError } from './errors.ts';

/** Called with the bytes that were read since the last call. */
export type OnBytes = (bytes: number) => void;

/** The bytes of a published file, or of a part of it, as the server sends them. Throws when there are fewer or more of them. */
export async function* readServerFile(
  client: Client,
  { url, name }: Pick<SnapshotFile, 'url' | 'name'>,
  range: { start: number; end: number },
  onBytes: OnBytes = () => {},
): AsyncGenerator<Uint8Array> {
  const length = range.end - range.start;
  if (length === 0) return;
  const response = await client.openPath(url, { from: range.start, to: range.end });
  let read = 0;
  for await (const chunk of response.body ?? []) {
    read += chunk.byteLength;
    onBytes(chunk.byteLength);
    yield chunk;
  }
  if (read !== length) throw new RefusedError(`${name}: the server sent ${read} bytes instead of ${length}.`);
}

/**
 * A published file as a Blob that is nowhere: whoever reads it, or a slice of it, gets the bytes from the server as they come. `onBytes`
 * hears of those that are streamed.
 */
export class ServerFile extends Blob {
  override readonly size: number;
  readonly #client: Client;
  readonly #file: Pick<SnapshotFile, 'url' | 'name'>;
  readonly #range: { start: number; end: number };
  readonly #onBytes: OnBytes;

  constructor(client: Client, file: Pick<SnapshotFile, 'url' | 'name'>, range: { start: number; end: number }, onBytes: OnBytes) {
    super([]);
    this.size = range.end - range.start;
    this.#client = client;
    this.#file = file;
    this.#range = range;
    this.#onBytes = onBytes;
  }

  override slice(from = 0, to = this.size): ServerFile {
    const { start, end } = this.#range;
    const at = (offset: number) => Math.max(start, Math.min(end, offset < 0 ? end + offset : start + offset));
    return new ServerFile(this.#client, this.#file, { start: at(from), end: Math.max(at(from), at(to)) }, this.#onBytes);
  }

  override stream(): ReturnType<Blob['stream']> {
    const chunks = readServerFile(this.#client, this.#file, this.#range, this.#onBytes);
    return ReadableStream.from(chunks) as ReturnType<Blob['stream']>;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return new Response(this.stream() as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer();
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }
}

import { Readable } from 'node:stream';
import { ApiError } from '../../errors.ts';
import type { RenderTask } from './render-task.ts';
import { RendererBusyError } from './renderer.ts';
import type { Renderer } from './renderer.ts';

const retryAfterSeconds = 5;

/**
 * The one file of a task as a stream. Resolves when its first bytes are there, so that what fails before them is an error to be told,
 * and not a broken answer. Destroying the stream ends the work, wherever it is. Throws `not_ready` when too much is running.
 */
export async function openRendering(render: Renderer['render'], task: RenderTask): Promise<Readable> {
  const ending = new AbortController();
  const { files } = render(task, { signal: ending.signal });
  const content = contentOf(files);
  try {
    const first = await content.next();
    const stream = Readable.from(following(first, content), { objectMode: false });
    stream.once('close', () => ending.abort(new Error('The reader has gone')));
    return stream;
  } catch (error) {
    ending.abort();
    if (!(error instanceof RendererBusyError)) throw error;
    throw new ApiError('not_ready', `As many exports as run at once are running. Try again in ${retryAfterSeconds} seconds.`, {
      headers: { 'retry-after': String(retryAfterSeconds) },
      data: { retryAfterSeconds },
    });
  }
}

async function* contentOf(files: ReturnType<Renderer['render']>['files']): AsyncGenerator<Uint8Array> {
  // One file, as the task has no size to cut it at; the work is done when no other comes.
  for await (const { content } of files) yield* content;
}

async function* following(first: IteratorResult<Uint8Array, unknown>, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

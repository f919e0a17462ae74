import { Readable } from 'node:stream';
import { ApiError } from '../../errors.ts';
import type { RenderTask } from './render-task.ts';
import { RendererBusyError } from './renderer.ts';
import type { Renderer } from './renderer.ts';

const retryAfterSeconds = 5;
/** A reader who takes nothing for so long is given up: what is made at the same time is few, and a held copy keeps the database from tidying up. */
const readerPatienceMs = 60_000;

/**
 * The one file of a task as a stream. Resolves when its first bytes are there, so that what fails before them is an error to be told,
 * and not a broken answer. Destroying the stream ends the work, wherever it is. Throws `not_ready` when too much is running.
 */
export async function openRendering(
  render: Renderer['render'],
  task: RenderTask,
  { patienceMs = readerPatienceMs } = {},
): Promise<Readable> {
  const ending = new AbortController();
  const { files } = render(task, { signal: ending.signal });
  const content = contentOf(files);
  try {
    const first = await content.next();
    const giveUp = () => void stream.destroy(new Error('The reader took nothing for too long'));
    const stream: Readable = Readable.from(following(first, content, patienceMs, giveUp), { objectMode: false });
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

/** The first chunk and the rest; calls `giveUp` when nobody asks for the next one in time. */
async function* following(
  first: IteratorResult<Uint8Array, unknown>,
  rest: AsyncGenerator<Uint8Array>,
  patienceMs: number,
  giveUp: () => void,
): AsyncGenerator<Uint8Array> {
  for (let next = first; !next.done; next = await rest.next()) {
    const waiting = setTimeout(giveUp, patienceMs);
    try {
      yield next.value;
    } finally {
      clearTimeout(waiting);
    }
  }
}

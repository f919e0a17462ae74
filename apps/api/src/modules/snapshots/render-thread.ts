import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import { startThread } from '../../jobs/thread.ts';
import type { Thread } from '../../jobs/thread.ts';
import type { FromThread, ToThread } from './render-task.ts';

/** Rows live for as long as their row group is being written: a larger nursery spares copying them, and the rest stays small. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 48 };

export type RenderThread = Thread<ToThread, FromThread>;

/** Starts a thread that makes way for the requests counted. */
export function startRenderThread(underWay: RequestsUnderWay): RenderThread {
  return startThread({ file: new URL('./render-worker.ts', import.meta.url), name: 'render', resourceLimits, workerData: underWay });
}

import { parentPort, workerData } from 'node:worker_threads';
import { suspectedPairs, type JudgedText } from '@granary/domain';

// The reckoning takes more than half a second over a hundred thousand reviews: in a thread of its own, so that requests do not wait for it.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(suspectedPairs(workerData as JudgedText[]));

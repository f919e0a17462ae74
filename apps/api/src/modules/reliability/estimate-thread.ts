import { parentPort, workerData } from 'node:worker_threads';
import { estimateReviewers, type EstimateInput } from './estimate-reviewers.ts';

// The reckoning takes seconds over a million verdicts: in a thread of its own, so that requests do not wait for it.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(estimateReviewers(workerData as EstimateInput));

import { Worker } from 'node:worker_threads';

/**
 * Runs the work of a file in a thread of its own, so that requests do not wait for it: the file gets `input` as its `workerData` and posts one
 * message, the result. Rejects with what the thread throws.
 */
export function runInThread<Result>(file: URL, input: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(file, { workerData: input });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => code !== 0 && reject(new Error(`The thread of ${file.pathname} ended with code ${code}`)));
  });
}

import type { Download, Page } from '@playwright/test';

/**
 * How long a journey waits for any one thing, in milliseconds: longer than a busy machine needs, and short enough that a
 * journey that is stuck says so within half a minute. `E2E_PATIENCE_MS` is for machines that are far slower.
 */
export const patienceMs = Number(process.env.E2E_PATIENCE_MS ?? 28_000);

/**
 * The result of `work`, unless it takes longer than a journey waits: then an error that names `what` it waited for.
 * For what has no time limit of its own: code that runs in a page, downloads, processes. The work itself is not stopped.
 */
export async function within<T>(what: string, work: Promise<T>, limitMs = patienceMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${limitMs / 1000} s for ${what}`)), limitMs);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer of code that runs in a page; an error names `what` it was asked for when it does not come. */
export function inPage<T>(page: Page, what: string, work: Promise<T>): Promise<T> {
  return within(`${what} on ${page.url()}`, work);
}

/** The bytes of a download. */
export function downloaded(download: Download): Promise<Buffer> {
  return within(`the download of ${download.suggestedFilename()}`, download.createReadStream().then(bytesOf));
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What compressors are given at once. Where their input is cut shows in their output, so it is cut at the same places always. */
export const blockBytes = 512 * 1024;

/** The same bytes in blocks of `blockBytes`; the last one is what is left, and may be empty. Returns what `chunks` returns. */
export async function* cutIntoBlocks<T>(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, T>): AsyncGenerator<Uint8Array<ArrayBuffer>, T> {
  let block = new Uint8Array(blockBytes);
  let filled = 0;
  try {
    for (;;) {
      const next = await chunks.next();
      if (next.done) {
        yield block.subarray(0, filled);
        return next.value;
      }
      for (let rest = next.value; rest.length > 0;) {
        const part = rest.subarray(0, blockBytes - filled);
        block.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (filled < blockBytes) continue;
        yield block;
        block = new Uint8Array(blockBytes);
        filled = 0;
      }
    }
  } finally {
    await chunks.return(undefined as never);
  }
}

import type { Readable } from 'node:stream';
import type { SnapshotRecord } from '@granary/contract';
import { openGzip } from './gzip.ts';
import { createLineEncoder } from './jsonl.ts';
import type { SnapshotFormat } from './snapshot-format.ts';

/** A data file while it is written: records go in, the bytes of the file come out of `content`. */
export type DataFileWriter = {
  format: SnapshotFormat;
  content: Readable;
  /** Resolves when there is room for more; rejects when whoever reads `content` has given up. */
  write(records: readonly SnapshotRecord[]): Promise<void>;
  end(): void;
  /** Makes `content` fail, so that nobody takes half a file for a whole one. */
  abort(reason: Error): void;
  /** Records and bytes before compression, so far. */
  written(): { rows: number; bytes: number };
};

/** Opens a gzipped JSONL file of the format. Memory stays constant: nothing is read ahead of `content`'s reader but a few batches. */
export function openDataFile(format: SnapshotFormat): DataFileWriter {
  const encode = createLineEncoder(format.schema);
  const { input, output, done } = openGzip();
  let rows = 0;
  let bytes = 0;
  return {
    format,
    content: output,
    async write(records) {
      let text = '';
      for (const record of records) {
        for (const row of format.rows(record)) {
          text += encode(row);
          rows += 1;
        }
      }
      if (text === '') return;
      const chunk = Buffer.from(text, 'utf8');
      bytes += chunk.length;
      const accepted = new Promise<void>((resolve) => void input.write(chunk, () => resolve()));
      // The stream's callback may never come once the other end is gone, but `done` rejects then.
      await Promise.race([accepted, done]);
      if (output.errored) throw output.errored;
    },
    end: () => void input.end(),
    abort: (reason) => void output.destroy(reason),
    written: () => ({ rows, bytes }),
  };
}

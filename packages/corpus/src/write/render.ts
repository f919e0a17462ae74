import type { SnapshotRecord } from '@granary/contract';
import type { Encoded, Encoding, RowShape } from './encodings/encoding.ts';
import { createRowSource } from './row-source.ts';
import type { Row, SnapshotConversation, SnapshotFormat } from './snapshot-format.ts';

/** What a file is to hold. */
export type RenderWish = {
  format: SnapshotFormat;
  /** Values of the format's `options`. */
  options: Record<string, unknown>;
  encoding: Encoding;
  shape: Omit<RowShape, 'schema'>;
  /** Which pairs are asked for. */
  wanted: (pair: SnapshotRecord) => boolean;
  /** Stop after so many rows; for previews. */
  maxRows?: number | undefined;
  /** Where a file is to be cut, in bytes; where no number stands, everything becomes one file. */
  maxFileBytes?: number | undefined;
  /** One file also where there is no row. */
  evenEmpty?: boolean;
};

/** One file as it is written: whoever takes the next one has read `content` to its end. `encoded` is set by then. */
export type RenderedFile = { content: AsyncIterable<Uint8Array<ArrayBuffer>>; encoded: () => Encoded };

/** Rows that can only be made at the end come in batches of so many. */
const lastRowsAtOnce = 1_000;

/** The rows that conversations have in a format, in batches of about what a conversation batch brings. */
async function* rowsOf(
  conversations: AsyncIterable<readonly SnapshotConversation[]>,
  { format, options, wanted, maxRows = Infinity }: Pick<RenderWish, 'format' | 'options' | 'wanted' | 'maxRows'>,
): AsyncGenerator<Row[], void> {
  const maker = format.open(format.options.parse(options));
  let left = maxRows;
  let rows: Row[] = [];
  for await (const batch of conversations) {
    for (const conversation of batch) for (const row of maker.rows(conversation, wanted)) rows.push(row);
    if (rows.length >= left) return yield rows.slice(0, left);
    left -= rows.length;
    yield rows;
    rows = [];
  }
  for (const row of maker.end?.() ?? []) {
    if (left === 0) break;
    left -= 1;
    rows.push(row);
    if (rows.length < lastRowsAtOnce) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}

/** The files that conversations become: one, or several where they are cut; none where there is no row, unless `evenEmpty`. */
export async function* renderFiles(
  conversations: AsyncIterable<readonly SnapshotConversation[]>,
  wish: RenderWish,
): AsyncGenerator<RenderedFile, void> {
  const rows = createRowSource(rowsOf(conversations, wish));
  const shape: RowShape = { ...wish.shape, schema: wish.format.schema };
  try {
    for (let files = 0; (wish.evenEmpty && files === 0) || (await rows.hasMore()); files += 1) {
      let encoded: Encoded | undefined;
      const bytes = wish.encoding.encode(rows, shape, wish.maxFileBytes);
      async function* content() {
        encoded = yield* bytes;
      }
      yield {
        content: content(),
        encoded: () => {
          if (encoded === undefined) throw new Error('The file is not written to its end yet');
          return encoded;
        },
      };
    }
  } finally {
    await rows.close();
  }
}

import type { SnapshotRecord } from '@granary/contract';
import type { Encoded, Encoding, RowShape } from './encodings/encoding.ts';
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
  maxRows?: number;
  /** Where a file is to be cut, in bytes; where no number stands, everything becomes one file. */
  maxFileBytes?: number;
};

/** One file as it is written: whoever takes the next one has read `content` to its end. `encoded` is set by then. */
export type RenderedFile = { content: AsyncIterable<Uint8Array>; encoded: () => Encoded };

/** The rows that conversations have in a format, in batches of about what a conversation batch brings. */
export async function* rowsOf(
  conversations: AsyncIterable<readonly SnapshotConversation[]>,
  { format, options, wanted, maxRows = Infinity }: Pick<RenderWish, 'format' | 'options' | 'wanted' | 'maxRows'>,
): AsyncGenerator<Row[]> {
  const maker = format.open(format.options.parse(options));
  let left = maxRows;
  for await (const batch of conversations) {
    const rows: Row[] = [];
    for (const conversation of batch) for (const row of maker.rows(conversation, wanted)) rows.push(row);
    if (rows.length >= left) return yield rows.slice(0, left);
    left -= rows.length;
    yield rows;
  }
  yield [...(maker.end?.() ?? [])].slice(0, left);
}

/** The files that conversations become: one, or several where they are cut; none where there is no row. */
export async function* renderFiles(
  conversations: AsyncIterable<readonly SnapshotConversation[]>,
  wish: RenderWish,
): AsyncGenerator<RenderedFile> {
  const rows = lookingAhead(rowsOf(conversations, wish));
  const shape: RowShape = { ...wish.shape, schema: wish.format.schema };
  try {
    while (await rows.hasMore()) {
      let encoded: Encoded | undefined;
      const bytes = wish.encoding.encode(rows.iterator, shape, wish.maxFileBytes);
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
    await rows.iterator.return?.();
  }
}

/** Tells whether another row is to come without taking it from the iterator. Empty batches are passed over. */
function lookingAhead(batches: AsyncGenerator<Row[]>) {
  let ahead: IteratorResult<Row[], void> | undefined;
  async function peek(): Promise<IteratorResult<Row[], void>> {
    do ahead ??= await batches.next();
    while (!ahead.done && ahead.value.length === 0 && (ahead = undefined) === undefined);
    return ahead;
  }
  return {
    hasMore: async () => !(await peek()).done,
    iterator: {
      async next() {
        const result = await peek();
        ahead = undefined;
        return result;
      },
      return: () => batches.return(undefined),
    } satisfies AsyncIterator<Row[]>,
  };
}

import type { RowSource } from './encodings/encoding.ts';
import type { Row } from './snapshot-format.ts';

/** Rows that arrive in batches of any size, to be taken in counts that do not depend on it. */
export function createRowSource(batches: AsyncGenerator<readonly Row[], void>) {
  let arrived: Row[] = [];
  let taken = 0;
  let ended = false;

  async function fill(count: number): Promise<void> {
    while (!ended && arrived.length - taken < count) {
      const next = await batches.next();
      if (next.done) ended = true;
      else {
        arrived = taken === arrived.length ? [...next.value] : [...arrived.slice(taken), ...next.value];
        taken = 0;
      }
    }
  }

  return {
    async take(count: number): Promise<readonly Row[]> {
      await fill(count);
      const rows = arrived.slice(taken, taken + count);
      taken += rows.length;
      return rows;
    },
    /** Whether another row is to come; it stays where it is. */
    async hasMore(): Promise<boolean> {
      await fill(1);
      return taken < arrived.length;
    },
    close: () => batches.return(),
  } satisfies RowSource & Record<string, unknown>;
}

import { hash } from 'node:crypto';

/** Where an item comes in the order that a seed draws: SHA-256 (hex) of seed and id, so that it does not matter what else there is. */
export const drawKey = (seed: number, id: string): string => hash('sha256', `${seed}:${id}`);

/**
 * Keeps the `size` items with the smallest keys of all that pass by, in whatever order they do. With keys by `drawKey` it is a sample
 * in which every item is as likely as any other. Holds no more than `size` items.
 */
export function createSample<Item>(size: number) {
  const kept: { key: string; item: Item }[] = [];
  return {
    /** Whether an item with this key would be kept, so that the rest need not be looked at. */
    hasRoomFor(key: string): boolean {
      const last = kept.at(-1);
      return kept.length < size || (last !== undefined && key < last.key);
    },
    add(key: string, item: Item): void {
      let low = 0;
      for (let high = kept.length; low < high;) {
        const middle = (low + high) >> 1;
        if ((kept[middle]?.key ?? '') < key) low = middle + 1;
        else high = middle;
      }
      kept.splice(low, 0, { key, item });
      if (kept.length > size) kept.pop();
    },
    /** By key, the smallest first. */
    items: (): Item[] => kept.map(({ item }) => item),
  };
}

import type { Split } from '@granary/contract';
import { splits } from '@granary/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandsOf } from '../near-duplicates/bands.ts';
import { shinglesOf } from '../near-duplicates/shingles.ts';
import { seededRandom } from '../seeded-random.ts';
import { assignSplits, candidatesPerBand } from './assign-splits.ts';
import type { Assignment, Comparand, Member } from './assign-splits.ts';
import { splitOfCluster, splitShares } from './splits.ts';

const idOf = (index: number) => `0198c7a2-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
/** The first ids from `from` on whose own cluster falls into a split. */
function idIn(split: Split, from = 1): string {
  for (let index = from; ; index += 1) if (splitOfCluster(idOf(index)) === split) return idOf(index);
}

describe('shares', () => {
  test('are 90, 5 and 5 of a hundred, and nearly so of ten thousand clusters', () => {
    expect(splitShares).toEqual({ train: 90, validation: 5, test: 5 });
    const counts = { train: 0, validation: 0, test: 0 };
    for (let index = 0; index < 10_000; index += 1) counts[splitOfCluster(idOf(index))] += 1;
    // Three standard deviations of a binomial: 65 at 5%, 90 at 90%.
    for (const split of splits) expect(Math.abs(counts[split] - splitShares[split] * 100)).toBeLessThan(90);
  });

  test('a cluster is where it was: known ids', () => {
    expect([1, 2, 3, 4, 5, 6].map((index) => splitOfCluster(idOf(index)))).toEqual([
      'train',
      'train',
      'train',
      'train',
      'validation',
      'train',
    ]);
  });
});

/** Without a pause. */
function assignAll(...given: Parameters<typeof assignSplits>): Assignment[] {
  const steps = assignSplits(...given);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** What the database does between batches. */
function createStore() {
  const members = new Map<string, Member & { bands: Int32Array }>();
  /** Ids by band, as the database's index has them; an edited text leaves its old bands. */
  const byBand = new Map<number, Set<string>>();
  const keep = (id: string, member: Member & { bands: Int32Array }) => {
    for (const band of members.get(id)?.bands ?? []) byBand.get(band)?.delete(id);
    for (const band of member.bands) byBand.set(band, (byBand.get(band) ?? new Set()).add(id));
    members.set(id, member);
  };
  return {
    members,
    /** Compares texts in batches of a size and keeps what was accepted; tells which. */
    add(texts: readonly { id: string; text: string }[], batchSize = 100): Assignment[] {
      const all: Assignment[] = [];
      const sorted = texts.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      for (let start = 0; start < sorted.length; start += batchSize) {
        const batch = sorted.slice(start, start + batchSize).map(({ id, text }): Comparand => {
          const shingles = shinglesOf(text);
          return { id, texts: [{ role: 'instruction', shingles }], bands: bandsOf(shingles), assigned: members.get(id) ?? null };
        });
        const edited = batch.filter(({ assigned }) => assigned !== null).length;
        const accepted = assignAll(batch, {
          withBand: (band, split) =>
            [...(byBand.get(band) ?? [])]
              .filter((id) => members.get(id)?.split === split)
              .toSorted()
              .slice(0, candidatesPerBand + edited),
          byId: (id) => members.get(id),
        });
        for (const assignment of accepted) {
          const { texts, bands } = batch.find((each) => each.id === assignment.id)!;
          keep(assignment.id, { ...assignment, texts, bands });
        }
        all.push(...accepted);
      }
      return all;
    },
  };
}

const granary = 'Explain to a child of ten years what a granary is and why people built them near their villages.';
const harvest = 'Describe how the harvest of wheat was brought in before there were any machines on the fields.';
const mill = 'Which parts does a water mill consist of, and what is each of them for? Answer with a short list.';

describe('assigning', () => {
  test('what stands alone is its own cluster; a near-duplicate joins the first, whatever its own id would give', () => {
    const first = idIn('test');
    const second = idIn('train', 500);
    const store = createStore();
    expect(store.add([{ id: first, text: granary }])).toEqual([{ id: first, clusterId: first, split: 'test' }]);
    expect(store.add([{ id: second, text: `${granary} Please!` }])).toEqual([{ id: second, clusterId: first, split: 'test' }]);
    expect(store.add([{ id: idIn('train', 900), text: harvest }])).toMatchObject([{ split: 'train' }]);
  });

  test('also in one batch, where the later sees the earlier', () => {
    const [first, second] = [idIn('validation'), idIn('train', 500)];
    expect(createStore().add([{ id: second, text: `${granary} ` }, { id: first, text: granary }])).toEqual([
      { id: first, clusterId: first, split: 'validation' },
      { id: second, clusterId: first, split: 'validation' },
    ]); // prettier-ignore
  });

  test('what resembles two splits is in neither, until one of them does so no longer', () => {
    const [train, tested, both] = [idIn('train'), idIn('test'), idOf(9_000)];
    const [one, two] = ['Name three of the sorts of grain that were kept there.', 'Say how mice and rats were kept away from it all.'];
    const [three, four] = ['Do not use any foreign words at all.', 'Close with a proverb about winter.'];
    const store = createStore();
    store.add([{ id: train, text: `${granary} ${harvest} ${one} ${three}` }, { id: tested, text: `${granary} ${harvest} ${two} ${four}` }]); // prettier-ignore
    expect([...store.members.values()].map(({ split }) => split).toSorted()).toEqual(['test', 'train']);
    const between = { id: both, text: `${granary} ${harvest} ${one} ${four}` };
    expect(store.add([between])).toEqual([]);
    expect(store.add([between])).toEqual([]);
    store.add([{ id: tested, text: mill }]);
    expect(store.add([between])).toEqual([{ id: both, clusterId: train, split: 'train' }]);
  });

  test('an edited conversation keeps its split, and is left out while it resembles another one', () => {
    const [train, tested] = [idIn('train'), idIn('test')];
    const store = createStore();
    store.add([{ id: train, text: granary }, { id: tested, text: harvest }]); // prettier-ignore
    expect(store.add([{ id: train, text: mill }])).toEqual([{ id: train, clusterId: train, split: 'train' }]);
    expect(store.add([{ id: train, text: `${harvest} Please.` }])).toEqual([]);
    // Its place is still that of the text it was published with.
    expect(store.add([{ id: idOf(9_001), text: `${mill} Please.` }])).toMatchObject([{ clusterId: train, split: 'train' }]);
    expect(store.add([{ id: tested, text: granary }])).toMatchObject([{ split: 'test' }]);
    expect(store.add([{ id: train, text: `${harvest} Please.` }])).toEqual([{ id: train, clusterId: train, split: 'train' }]);
  });

  test('thousands of the same text cost no more than a few', () => {
    const shingles = shinglesOf(granary);
    const comparand = (index: number): Comparand => ({
      id: idOf(index),
      texts: [{ role: 'instruction', shingles }],
      bands: bandsOf(shingles),
      assigned: null,
    });
    let looked = 0;
    const accepted = assignAll(Array.from({ length: 3_000 }, (_, index) => comparand(index)), {
      withBand: () => [],
      byId: () => void (looked += 1),
    }); // prettier-ignore
    expect(new Set(accepted.map(({ clusterId }) => clusterId))).toEqual(new Set([idOf(0)]));
    expect(accepted).toHaveLength(3_000);
    expect(looked).toBe(0);
  });

  test('however the conversations are cut into batches and edited in between, the same comes out', () => {
    const bases = [granary, harvest, mill, `${granary} ${mill}`, `${mill} ${harvest}`];
    const textOf = (random: () => number) => {
      const words = bases[Math.floor(random() * bases.length)]!.split(' ');
      for (let n = Math.floor(random() * 6); n > 0; n -= 1) words[Math.floor(random() * words.length)] = `word${Math.floor(random() * 3)}`;
      return words.join(' ');
    };
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, batchSize) => {
        const random = seededRandom(seed);
        const fresh = Array.from({ length: 40 }, (_, index) => ({ id: idOf(index * 7), text: textOf(random) }));
        const again = fresh
          .filter(() => random() < 0.3)
          .map(({ id }) => ({ id, text: textOf(random) }))
          .concat(Array.from({ length: 10 }, (_, index) => ({ id: idOf(index * 11 + 1), text: textOf(random) })));
        const [one, other] = [createStore(), createStore()];
        expect(other.add(fresh, batchSize)).toEqual(one.add(fresh, 1));
        expect(other.add(again, batchSize)).toEqual(one.add(again, 1));
        const splitsOf = ({ members }: typeof one) => new Map([...members].map(([id, { split }]) => [id, split]));
        expect(splitsOf(other)).toEqual(splitsOf(one));
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  test('a conversation is where one with the same response is, whatever they ask', () => {
    const textsOf = (instruction: string, response: string) => [
      { role: 'instruction' as const, shingles: shinglesOf(instruction) },
      { role: 'response' as const, shingles: shinglesOf(response) },
    ];
    const comparand = (id: string, instruction: string, response: string): Comparand => {
      const texts = textsOf(instruction, response);
      return { id, texts, bands: Int32Array.from(texts.flatMap(({ role, shingles }) => [...bandsOf(shingles, role)])), assigned: null };
    };
    const [first, second, third] = [idIn('test'), idIn('train', 500), idIn('train', 900)];
    const known = { withBand: () => [], byId: () => undefined };
    expect(
      assignAll(
        [comparand(first, granary, harvest), comparand(second, mill, `${harvest} Please.`), comparand(third, harvest, mill)],
        known,
      ),
    ).toEqual([
      { id: first, clusterId: first, split: 'test' },
      { id: second, clusterId: first, split: 'test' },
      { id: third, clusterId: third, split: 'train' },
    ]);
  });

  test('compared in another way than before, the later of two in different splits gives way, and no other', () => {
    const shingles = shinglesOf(granary);
    const bands = bandsOf(shingles);
    const [one, other] = [idIn('train'), idIn('test', 500)];
    const texts = [{ role: 'instruction' as const, shingles }];
    const rechecked = (id: string, split: Split): Comparand => ({ id, texts, bands, assigned: { clusterId: id, split }, rechecked: true });
    const members = new Map<string, Member>(
      [one, other].map((id, n) => [id, { id, clusterId: id, split: n === 0 ? 'train' : 'test', texts }]),
    );
    const known = {
      withBand: (_: number, split: string) => [...members.values()].filter((member) => member.split === split).map(({ id }) => id),
      byId: (id: string) => members.get(id),
    };
    expect(assignAll([rechecked(one, 'train'), rechecked(other, 'test')], known)).toEqual([{ id: one, clusterId: one, split: 'train' }]);
  });
});

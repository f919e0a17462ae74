import fc from 'fast-check';

/** Takes one value of an arbitrary; the same seed and the same calls before give the same value. */
export type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T;

/** A source of values for one request: `seed` names the run, `index` the request in it. */
export function createDraw(seed: number, index: number): Draw {
  let calls = 0;
  return (arbitrary) => {
    calls += 1;
    const [value] = fc.sample(arbitrary, { seed: Math.imul(seed ^ (index * 0x9e37_79b1), 0x85eb_ca6b) + calls * 0x27d4_eb2f, numRuns: 1 });
    return value as never;
  };
}

export type Latency = { p50Ms: number; p99Ms: number; maxMs: number };

/** Percentiles of measured times (ms), by nearest rank over all of them: nothing is sampled or bucketed. */
export function summarise(timesMs: readonly number[]): Latency {
  const sorted = Float64Array.from(timesMs).sort();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

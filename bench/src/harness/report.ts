import type { Latency } from './latency.ts';

/** What every benchmark prints as its last line, as far as it applies; further fields may follow. */
export type Result = {
  name: string;
  size?: number;
  perSecond?: number;
  floorPerSecond?: number;
  ratio?: number;
  p50Ms?: number;
  p99Ms?: number;
  peakMb?: number | null;
} & Record<string, unknown>;

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Prints the one JSON line that programs read. Call it last. */
export function printResult(result: Result): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The one in the middle, or the mean of the two there. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return mean(sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1));
}

export function describeLatency({ p50Ms, p99Ms, maxMs }: Latency): string {
  return `p50 ${round(p50Ms)} ms, p99 ${round(p99Ms)} ms, longest ${round(maxMs)} ms`;
}

const factor = 8;
const rounds = 2;
/** Many times what the clock of the processor's time resolves where it only counts ticks. */
const measuredMicroseconds = 15_000;

/** Eight times the text is eight times the work where that is linear, and 64 times where it is quadratic; this is between the two. */
export const linearBelow = 22;

/**
 * How many times as much work a text of `part`, repeated, is when it is eight times as long as `length` (UTF-16 units). Measures the
 * processor time of this thread, and takes the least of several rounds, so that neither the speed of the machine nor what else it does
 * decides. For tests that something is linear.
 */
export function growthOfWork(work: (text: string) => unknown, { part, length }: { part: string; length: number }): number {
  const repeats = Math.ceil(length / part.length);
  const [short, long] = [part.repeat(repeats), part.repeat(repeats * factor)];
  const least = { short: Infinity, long: Infinity };
  for (let round = 0; round < rounds; round += 1) {
    least.short = Math.min(
      least.short,
      processorTime(() => work(short)),
    );
    least.long = Math.min(
      least.long,
      processorTime(() => work(long)),
    );
  }
  return least.long / least.short;
}

/** Microseconds that `work` takes, the mean of so many runs as can be measured. */
function processorTime(work: () => unknown): number {
  const before = process.threadCpuUsage();
  for (let runs = 1; ; runs += 1) {
    work();
    const { user, system } = process.threadCpuUsage(before);
    if (user + system >= measuredMicroseconds) return (user + system) / runs;
  }
}

import { settingNames } from './config.ts';

/** Read elsewhere: by the command line, the store's client, tests and benchmarks. */
const otherNames = new Set([
  'GRANARY_SERVER',
  'GRANARY_TOKEN',
  'GRANARY_SHARED_DATA',
  'TEST_DATABASE_URL',
  'BENCH_DATABASE_URL',
  'CHROMIUM_PATH',
  'PGBOUNCER_PATH',
]);
const prefix = 'GRANARY_';

/**
 * Names in an environment that look like settings and are none, each with the setting that was probably meant (none where nothing is near):
 * one or two slips away from a long name, one from a short one, or `GRANARY_` put in front. Names alone: values stay where they are.
 */
export function findMisspeltSettings(env: Record<string, string | undefined>): { name: string; meant: string | undefined }[] {
  return Object.keys(env).flatMap((name) => {
    if (settingNames.includes(name) || otherNames.has(name) || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return [];
    const plain = name.toUpperCase().replaceAll('-', '_');
    if (plain.startsWith(prefix)) return [{ name, meant: nearest(plain.slice(prefix.length)) ?? nearest(plain) }];
    const meant = nearest(plain);
    return meant === undefined ? [] : [{ name, meant }];
  });
}

function nearest(name: string): string | undefined {
  const near = settingNames
    .map((setting) => ({ setting, slips: slipsBetween(name, setting) }))
    .filter(({ setting, slips }) => slips <= allowedSlips(setting))
    .toSorted((one, other) => one.slips - other.slips);
  return near[0]?.setting;
}

/** `HOME` is no slip of `HOST`, and `PORT` is near to a great many words. */
function allowedSlips(setting: string): number {
  if (setting.length >= 9) return 2;
  return setting.length >= 6 ? 1 : 0;
}

/** Letters added, left out, changed or swapped with their neighbour (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  const rows = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, column) => (row === 0 ? column : row)),
  );
  const at = (row: number, column: number) => rows[row]?.[column] ?? (column === 0 ? row : column);
  for (let row = 1; row <= one.length; row += 1) {
    for (let column = 1; column <= other.length; column += 1) {
      const changed = one[row - 1] === other[column - 1] ? 0 : 1;
      let slips = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + changed);
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) slips = Math.min(slips, at(row - 2, column - 2) + 1);
      const current = rows[row];
      if (current) current[column] = slips;
    }
  }
  return at(one.length, other.length);
}

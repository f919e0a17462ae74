/** Formatters are costly to make and cheap to keep. */
const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();
const relatives = new Map<string, Intl.RelativeTimeFormat>();

function remembered<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

/** 15000 → "15,000" or "15.000". */
export function formatNumber(locale: string, value: number, options: Intl.NumberFormatOptions = {}): string {
  return remembered(numbers, `${locale}${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options)).format(value);
}

/** A share of 0–1 as whole per cent. */
export function formatShare(locale: string, share: number): string {
  return formatNumber(locale, share, { style: 'percent', maximumFractionDigits: 0 });
}

/** Bytes in the largest fitting unit: 1536 → "1.5 kB" (powers of 1000, as download dialogs show them). */
export function formatBytes(locale: string, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return formatNumber(locale, bytes / 1000 ** step, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  });
}

/** An ISO timestamp as a date, with the time of day when asked for. */
export function formatDate(locale: string, iso: string, withTime = false): string {
  const options: Intl.DateTimeFormatOptions = withTime ? { dateStyle: 'medium', timeStyle: 'short' } : { dateStyle: 'medium' };
  return remembered(dates, `${locale}${withTime}`, () => new Intl.DateTimeFormat(locale, options)).format(new Date(iso));
}

const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** "3 minutes ago", "yesterday", "now": the largest unit that fits. */
export function formatRelative(locale: string, iso: string, nowMs: number): string {
  const seconds = (Date.parse(iso) - nowMs) / 1000;
  const format = remembered(relatives, locale, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return format.format(0, 'second');
}

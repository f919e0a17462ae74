import { useEffect, useState } from 'react';
import { formatDate, formatNumber, formatRelative } from '../lib/i18n/format.ts';
import { useLocale } from '../lib/i18n/locale.ts';

const tickMs = 30_000;

/** "3 minutes ago", kept true while it is looked at; the exact time is its title. */
export function RelativeTime({ iso }: { iso: string }) {
  const locale = useLocale();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={iso} title={formatDate(locale, iso, true)}>
      {formatRelative(locale, iso, now)}
    </time>
  );
}

export function DateText({ iso, withTime }: { iso: string; withTime?: boolean }) {
  return <time dateTime={iso}>{formatDate(useLocale(), iso, withTime)}</time>;
}

export function NumberText({ value, options }: { value: number; options?: Intl.NumberFormatOptions }) {
  return <span className="numeric">{formatNumber(useLocale(), value, options)}</span>;
}

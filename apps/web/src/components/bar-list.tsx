import type { ReactNode } from 'react';
import { useLocale } from '../lib/i18n/locale.ts';
import { formatNumber } from '../lib/i18n/format.ts';
import './display.css';

export type Bar = { key: string; label: ReactNode; value: number };

/**
 * A plot of plain bars that is its own table: every bar is a row with its name and its number, so nothing is said by
 * length alone.
 */
export function BarList({
  caption,
  showCaption = true,
  nameHeader,
  valueHeader,
  bars,
  format,
}: {
  caption: string;
  showCaption?: boolean;
  nameHeader: string;
  valueHeader: string;
  bars: readonly Bar[];
  format?: (value: number) => string;
}) {
  const locale = useLocale();
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <table className="bars">
      <caption className={showCaption ? 'kicker' : 'visually-hidden'}>{caption}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{nameHeader}</th>
          <th scope="col">{valueHeader}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ key, label, value }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td>
              <span className="bars-track" aria-hidden>
                <span style={{ inlineSize: `${(value / most) * 100}%` }} />
              </span>
              <span className="bars-value">{format ? format(value) : formatNumber(locale, value)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

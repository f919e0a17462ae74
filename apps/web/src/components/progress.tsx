import { useLocale } from '../lib/i18n/locale.ts';
import { formatShare } from '../lib/i18n/format.ts';
import './display.css';

/** How far something under way has come. `share` of 0–1; null while that is not known. */
export function ProgressBar({ label, share, detail }: { label: string; share: number | null; detail?: string }) {
  const locale = useLocale();
  const value = share === null ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div className="bar-line">
      <div className="bar-head">
        <span>{label}</span>
        <span className="numeric faint">{detail ?? (share === null ? '' : formatShare(locale, share))}</span>
      </div>
      <div
        className={`bar${share === null ? ' bar-unknown' : ''}`}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value}
      >
        <span style={{ inlineSize: `${value ?? 30}%` }} />
      </div>
    </div>
  );
}

/** How full something is, such as a goal: `value` of `max`, in words at the end of the line. */
export function Meter({ label, value, max, detail }: { label: string; value: number; max: number; detail: string }) {
  const share = max <= 0 ? 0 : Math.min(1, value / max);
  return (
    <div className="bar-line">
      <div className="bar-head">
        <span>{label}</span>
        <span className="numeric faint">{detail}</span>
      </div>
      <div
        className="bar"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={Math.min(value, max)}
        aria-valuetext={detail}
      >
        <span style={{ inlineSize: `${share * 100}%` }} />
      </div>
    </div>
  );
}

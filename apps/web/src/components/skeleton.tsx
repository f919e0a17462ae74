import { useT } from '../lib/i18n/i18n.ts';
import './display.css';

const widths = ['94%', '100%', '88%', '97%', '62%'];

/** Lines where text will be. */
export function Skeleton({ lines = 3, prose = false }: { lines?: number; prose?: boolean }) {
  return (
    <div className={`skeleton${prose ? ' skeleton-prose' : ''}`} aria-hidden>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} style={{ inlineSize: line === lines - 1 && lines > 1 ? '56%' : widths[line % widths.length] }} />
      ))}
    </div>
  );
}

/** Rows where a list will be, each with a title and a line below. */
export function ListSkeleton({ rows = 4 }: { rows?: number }) {
  const t = useT();
  return (
    <div className="stack gap-6" role="status">
      <span className="visually-hidden">{t('components.loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} lines={2} prose />
      ))}
    </div>
  );
}

/** A whole page that is on its way. */
export function PageSkeleton() {
  const t = useT();
  return (
    <div className="page-skeleton" role="status">
      <span className="visually-hidden">{t('components.loading')}</span>
      <div className="skeleton skeleton-title" aria-hidden>
        <span style={{ inlineSize: '7rem' }} />
        <span style={{ inlineSize: 'min(26rem, 80%)' }} />
      </div>
      <Skeleton lines={5} prose />
    </div>
  );
}

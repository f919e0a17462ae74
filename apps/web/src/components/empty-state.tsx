import type { ReactNode } from 'react';
import './display.css';

/** What a list says when it is empty: what would be here, and what to do now. */
export function EmptyState({
  title,
  children,
  action,
  heading: Heading = 'h2',
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  heading?: 'h1' | 'h2' | 'h3';
}) {
  return (
    <div className="empty">
      <svg viewBox="0 0 64 24" aria-hidden className="empty-mark">
        <path
          d="M2 22h60M12 22c0-6 1-11 4-16M24 22c0-5-1-9-4-13M34 22c0-7 1-12 4-18M46 22c0-5 1-8 4-12M54 22c0-4-1-7-3-10"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.25"
          strokeLinecap="round"
        />
      </svg>
      <Heading tabIndex={-1}>{title}</Heading>
      {children && <div className="empty-text">{children}</div>}
      {action && <div className="cluster">{action}</div>}
    </div>
  );
}

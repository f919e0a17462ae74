import { useId, type ReactNode } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';
import './display.css';

/** A part of a page under a rule, with its heading in the margin's voice. When it fails, the rest of the page goes on. */
export function Section({ title, actions, children }: { title: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      <ErrorBoundary>{children}</ErrorBoundary>
    </section>
  );
}

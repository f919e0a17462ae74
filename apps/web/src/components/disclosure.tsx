import type { ReactNode } from 'react';
import { ChevronRight } from 'lucide-react';
import './display.css';

/** Detail for those who want it. */
export function Disclosure({ summary, children, open }: { summary: ReactNode; children: ReactNode; open?: boolean }) {
  return (
    <details className="disclosure" open={open}>
      <summary>
        <ChevronRight aria-hidden />
        {summary}
      </summary>
      <div className="disclosure-body">{children}</div>
    </details>
  );
}

import { useState, type ReactNode } from 'react';
import { ChevronRight } from 'lucide-react';
import './display.css';

type DisclosureProps = {
  summary: ReactNode;
  children: ReactNode;
  open?: boolean;
  /** Its content costs something: it is made when it is first asked for. */
  lazy?: boolean;
};

/** Detail for those who want it. */
export function Disclosure({ summary, children, open = false, lazy = false }: DisclosureProps) {
  const [asked, setAsked] = useState(open);
  return (
    <details className="disclosure" open={open} onToggle={(event) => event.currentTarget.open && setAsked(true)}>
      <summary>
        <ChevronRight aria-hidden />
        {summary}
      </summary>
      <div className="disclosure-body">{(asked || !lazy) && children}</div>
    </details>
  );
}

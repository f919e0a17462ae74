import { useEffect, useRef, type ReactNode } from 'react';
import './display.css';

/** The acts of a form or a task. On a phone it sticks to the bottom, the primary act under the thumb; put that one last. */
export function ActionBar({ children, status }: { children: ReactNode; status?: ReactNode }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { style } = document.documentElement;
    // As high as it is: its acts may need a second row, and toasts must not lie on them.
    const watch = new ResizeObserver(() => style.setProperty('--action-bar', `${bar.current?.offsetHeight ?? 0}px`));
    if (bar.current) watch.observe(bar.current);
    return () => {
      watch.disconnect();
      style.removeProperty('--action-bar');
    };
  }, []);
  return (
    <div ref={bar} className="action-bar">
      {status && (
        <div className="action-bar-status small faint" role="status">
          {status}
        </div>
      )}
      {/* A press must not take the focus from a field: the navigation would come back and the button move away under the finger. */}
      <div className="action-bar-acts" role="presentation" onMouseDown={(event) => event.preventDefault()}>
        {children}
      </div>
    </div>
  );
}

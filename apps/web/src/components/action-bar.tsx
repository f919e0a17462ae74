import { useEffect, type ReactNode, type Ref } from 'react';
import './display.css';

/** The acts of a form or a task. On a phone it sticks to the bottom, the primary act under the thumb; put that one last. */
export function ActionBar({ children, status, ref }: { children: ReactNode; status?: ReactNode; ref?: Ref<HTMLDivElement> }) {
  useEffect(() => {
    document.documentElement.style.setProperty('--action-bar', '4rem');
    return () => {
      document.documentElement.style.removeProperty('--action-bar');
    };
  }, []);
  return (
    <div ref={ref} className="action-bar">
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

import { useEffect, useRef, type ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';
import './display.css';

/** Enough for what is said in passing with its act. */
const toastRoomPx = 320;

type Props = {
  children: ReactNode;
  status?: ReactNode;
  /** Why the act did not happen: it is said where the act is, so that no bar lies on it. */
  error?: unknown;
};

/**
 * The acts of a form or a task. It sticks to the bottom of the window, so that nobody scrolls to decide or to submit; put the primary
 * act last. What is said in passing goes beside the acts where there is room, and above them where there is none.
 */
export function ActionBar({ children, status, error = null }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const acts = useRef<HTMLDivElement>(null);
  const hasStatus = Boolean(status);
  useEffect(() => {
    const { style, dataset } = document.documentElement;
    function measure(): void {
      if (bar.current === null || acts.current === null) return;
      const { left, right, width } = bar.current.getBoundingClientRect();
      const room = hasStatus ? 0 : width - acts.current.scrollWidth;
      const isFromRight = getComputedStyle(bar.current).direction === 'rtl';
      style.setProperty('--action-bar', `${bar.current.offsetHeight}px`);
      style.setProperty('--toast-start', `${isFromRight ? document.documentElement.clientWidth - right : left}px`);
      style.setProperty('--toast-room', `${room}px`);
      dataset.toasts = room >= toastRoomPx ? 'beside-acts' : 'above-acts';
    }
    const watch = new ResizeObserver(measure);
    if (bar.current) watch.observe(bar.current);
    return () => {
      watch.disconnect();
      for (const name of ['--action-bar', '--toast-start', '--toast-room']) style.removeProperty(name);
      delete dataset.toasts;
    };
  }, [hasStatus]);
  return (
    <div ref={bar} className="action-bar">
      {error !== null && (
        <div className="action-bar-error">
          <ErrorState error={error} />
        </div>
      )}
      {status && (
        <div className="action-bar-status small faint" role="status">
          {status}
        </div>
      )}
      {/* A press must not take the focus from a field: the navigation would come back and the button move away under the finger. */}
      <div ref={acts} className="action-bar-acts" role="presentation" onMouseDown={(event) => event.preventDefault()}>
        {children}
      </div>
    </div>
  );
}

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { placePopover } from './anchored-popover.ts';
import { Kbd } from './kbd.tsx';
import './tooltip.css';

const delayMs = 350;

/** A few words about a control, on hover and on focus. Never the only place where something is said. */
export function Tooltip({ label, keys, children }: { label: string; keys?: string; children: ReactNode }) {
  const anchor = useRef<HTMLSpanElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);
  const [wanted, setWanted] = useState(false);

  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => {
      if (!bubble.current || !anchor.current) return;
      bubble.current.showPopover();
      placePopover(anchor.current, bubble.current, 'below');
    }, delayMs);
    const hide = (event: Event) => (event instanceof KeyboardEvent && event.key !== 'Escape' ? undefined : setWanted(false));
    const shown = bubble.current;
    window.addEventListener('keydown', hide);
    window.addEventListener('scroll', hide, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', hide);
      window.removeEventListener('scroll', hide, { capture: true });
      if (shown?.matches(':popover-open')) shown.hidePopover();
    };
  }, [wanted]);

  return (
    <span
      ref={anchor}
      className="tooltip-anchor"
      onPointerEnter={(event) => event.pointerType === 'mouse' && setWanted(true)}
      onPointerLeave={() => setWanted(false)}
      onPointerDown={() => setWanted(false)}
      onFocus={(event) => event.target.matches(':focus-visible') && setWanted(true)}
      onBlur={() => setWanted(false)}
    >
      {children}
      <span ref={bubble} className="tooltip" popover="manual" aria-hidden>
        {label} {keys && <Kbd keys={keys} />}
      </span>
    </span>
  );
}

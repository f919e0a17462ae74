import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import './display.css';

export type Tab<K extends string> = { key: K; label: ReactNode; panel: ReactNode };

/** Views of one thing, one at a time. Arrow keys move between them. Keep the chosen one in the URL where it matters. */
export function Tabs<K extends string>({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string;
  tabs: readonly Tab<K>[];
  value: K;
  onChange: (key: K) => void;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent): void {
    const at = tabs.findIndex(({ key }) => key === value);
    const to = stepOf(event, at, tabs.length);
    const next = to === null ? undefined : tabs[to];
    if (!next || to === null) return;
    event.preventDefault();
    onChange(next.key);
    list.current?.querySelectorAll('button')[to]?.focus();
  }
  return (
    <div className="stack">
      <div ref={list} className="tabs" role="tablist" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === value ? 0 : -1}
            className="tab"
            onClick={() => onChange(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {tabs.find(({ key }) => key === value)?.panel}
      </div>
    </div>
  );
}

function stepOf(event: KeyboardEvent, at: number, length: number): number | null {
  const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
  if (event.key === (rtl ? 'ArrowLeft' : 'ArrowRight')) return (at + 1) % length;
  if (event.key === (rtl ? 'ArrowRight' : 'ArrowLeft')) return (at - 1 + length) % length;
  if (event.key === 'Home') return 0;
  return event.key === 'End' ? length - 1 : null;
}

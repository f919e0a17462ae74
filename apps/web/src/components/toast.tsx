import { useEffect, useState } from 'react';
import { Check, CircleAlert, Info, X } from 'lucide-react';
import { createStore, useStore } from '../lib/create-store.ts';
import { useT } from '../lib/i18n/i18n.ts';
import { Button, IconButton } from './button.tsx';
import './toast.css';

export type ToastTone = 'positive' | 'critical' | 'info';
export type ToastInput = {
  text: string;
  tone?: ToastTone;
  /** Such as undo; the toast then stays longer. */
  action?: { label: string; keys?: string; run: () => void };
  /** `null`: until dismissed. */
  timeoutMs?: number | null;
};
type ShownToast = ToastInput & { id: number };

const shown = createStore<ShownToast[]>([]);
const most = 3;
let lastId = 0;

/** Says what just happened, without taking the focus. Returns the way to take it back. */
export function toast(input: ToastInput): () => void {
  lastId += 1;
  const id = lastId;
  shown.set((all) => [...all, { ...input, id }].slice(-most));
  return () => dismiss(id);
}

function dismiss(id: number): void {
  shown.set((all) => all.filter((each) => each.id !== id));
}

/** Where toasts appear. Once, in the shell. */
export function Toaster() {
  const t = useT();
  const toasts = useStore(shown);
  return (
    <section className="toaster" aria-live="polite" aria-label={t('components.toast.region')}>
      {toasts.map((each) => (
        <ToastRow key={each.id} {...each} />
      ))}
    </section>
  );
}

function ToastRow({ id, text, tone = 'info', action, timeoutMs = action ? 10_000 : 6000 }: ShownToast) {
  const t = useT();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || timeoutMs === null) return;
    const timer = setTimeout(() => dismiss(id), timeoutMs);
    return () => clearTimeout(timer);
  }, [held, id, timeoutMs]);
  const Icon = tone === 'positive' ? Check : tone === 'critical' ? CircleAlert : Info;
  return (
    <div
      className="toast"
      role={tone === 'critical' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon aria-hidden />
      <span className="toast-text">{text}</span>
      {action && (
        <Button
          size="small"
          className="toast-action"
          keys={action.keys}
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton size="small" label={t('components.dismiss')} icon={<X aria-hidden />} onClick={() => dismiss(id)} />
    </div>
  );
}

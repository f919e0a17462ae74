import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { isComposing } from '../lib/is-composing.ts';
import { useT } from '../lib/i18n/i18n.ts';
import { IconButton } from './button.tsx';
import './dialog.css';

export type DialogProps = {
  open: boolean;
  /** Escape, the close button, or a press outside. */
  onClose: () => void;
  title: ReactNode;
  children?: ReactNode;
  /** Buttons at the foot; the primary one last. */
  actions?: ReactNode;
  size?: 'medium' | 'wide';
  /** `alertdialog` for a question that must be answered: a press outside does not close it. */
  role?: 'dialog' | 'alertdialog';
};

/** A modal dialog by the browser itself: focus is kept inside and given back, the rest of the page is inert. */
export function Dialog({ open, onClose, title, children, actions, size = 'medium', role = 'dialog' }: DialogProps) {
  const t = useT();
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (open && dialog && !dialog.open) {
      dialog.showModal();
      firstThing(dialog, role).focus({ preventScroll: true });
    }
    if (!open && dialog?.open) dialog.close();
  }, [open, role]);
  return (
    <dialog
      ref={element}
      className={`dialog${size === 'wide' ? ' dialog-wide' : ''}`}
      role={role === 'alertdialog' ? role : undefined}
      aria-labelledby={titleId}
      {...(role === 'dialog' ? { closedby: 'any' } : {})}
      onClose={(event) => event.target === element.current && open && onClose()}
      onKeyDown={(event) => role === 'dialog' && actOnChord(event)}
    >
      {open && (
        <>
          <div className="dialog-head">
            <h2 id={titleId} tabIndex={-1}>
              {title}
            </h2>
            <IconButton label={t('components.close')} icon={<X aria-hidden />} size="small" onClick={onClose} />
          </div>
          <div className="dialog-body">{children}</div>
          {actions && <div className="dialog-actions">{actions}</div>}
        </>
      )}
    </dialog>
  );
}

/** What somebody came for: a field to fill in, the harmless answer to a question, else the beginning of the text. */
function firstThing(dialog: HTMLDialogElement, role: DialogProps['role']): HTMLElement {
  const wanted =
    role === 'alertdialog' ? '.dialog-actions button' : '.dialog-body :is(input:not([type="checkbox"], [type="file"]), textarea, select)';
  return dialog.querySelector<HTMLElement>(wanted) ?? dialog.querySelector<HTMLElement>('h2') ?? dialog;
}

/** Ctrl or ⌘ with Enter does what the dialog is for, as it does in a page's own form. */
function actOnChord(event: KeyboardEvent<HTMLDialogElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isComposing(event.nativeEvent)) return;
  const act = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.dialog-actions button')].at(-1);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act.click();
}

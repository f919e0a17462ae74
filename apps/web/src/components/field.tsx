import { createContext, use, useId, useLayoutEffect, useMemo, useRef, type ComponentProps, type ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import { useLocale } from '../lib/i18n/locale.ts';
import { formatNumber } from '../lib/i18n/format.ts';
import { useT } from '../lib/i18n/i18n.ts';
import './field.css';

type ControlIds = { id: string; describedBy: string | undefined; invalid: boolean };
const FieldContext = createContext<ControlIds | null>(null);

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** Said beside the label; what is not marked is required. */
  optional?: boolean;
  /** How much is written and how much may be. */
  counter?: { length: number; max: number };
  className?: string;
  children: ReactNode;
};

/** A labelled control. The Input, TextArea or Select inside finds its label, hint and error by itself. */
export function Field({ label, hint, error, optional, counter, className = '', children }: FieldProps) {
  const t = useT();
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const invalid = Boolean(error);
  const ids = useMemo(() => ({ id, describedBy, invalid }), [id, describedBy, invalid]);
  return (
    <div className={`field ${className}`}>
      <div className="field-head">
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
        {optional && <span className="field-optional">{t('components.field.optional')}</span>}
        {counter && <Counter {...counter} />}
      </div>
      <FieldContext value={ids}>{children}</FieldContext>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** The message under a control, or under a group of them. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <div className="field-error" id={id}>
      <CircleAlert aria-hidden />
      <span>{children}</span>
    </div>
  );
}

function Counter({ length, max }: { length: number; max: number }) {
  const t = useT();
  const locale = useLocale();
  // A number that is far from its limit is noise.
  if (length < max * 0.8) return null;
  const values = { length: formatNumber(locale, length), max: formatNumber(locale, max) };
  return <span className={`field-counter${length > max ? ' field-counter-over' : ''}`}>{t('components.field.counter', values)}</span>;
}

function useControl(given: { id?: string; className?: string }, look = '') {
  const field = use(FieldContext);
  return {
    id: given.id ?? field?.id,
    'aria-describedby': field?.describedBy,
    'aria-invalid': field?.invalid || undefined,
    className: `control ${look} ${given.className ?? ''}`,
  };
}

export function Input(props: ComponentProps<'input'>) {
  const control = useControl(props);
  return <input {...control} {...props} className={control.className} />;
}

export function Select(props: ComponentProps<'select'>) {
  const control = useControl(props);
  return <select {...control} {...props} className={control.className} />;
}

/** Grows with what is written. `prose` sets it as it will be read, `code` in mono. */
export function TextArea({ look = 'plain', ...props }: ComponentProps<'textarea'> & { look?: 'plain' | 'prose' | 'code' }) {
  const own = useRef<HTMLTextAreaElement>(null);
  const control = useControl(props, look === 'plain' ? '' : `control-${look}`);
  useLayoutEffect(() => {
    const area = own.current;
    if (!area || CSS.supports('field-sizing', 'content')) return;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  }, [props.value]);
  return (
    <textarea
      dir="auto"
      {...control}
      {...props}
      className={control.className}
      ref={(element) => {
        own.current = element;
        if (typeof props.ref === 'function') props.ref(element);
        else if (props.ref) props.ref.current = element;
      }}
    />
  );
}

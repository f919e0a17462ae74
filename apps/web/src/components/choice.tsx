import { useId, type ComponentProps, type ReactNode } from 'react';
import { FieldError } from './field.tsx';
import './field.css';

type BoxProps = Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; hint?: ReactNode };

export function Checkbox({ label, hint, className = '', ...rest }: BoxProps) {
  return (
    <label className={`choice ${className}`}>
      <input {...rest} type="checkbox" />
      <ChoiceText label={label} hint={hint} />
    </label>
  );
}

/** For what takes effect at once; a choice that is submitted later is a Checkbox. */
export function Switch({ label, hint, className = '', ...rest }: BoxProps) {
  return (
    <label className={`choice switch ${className}`}>
      {/* oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- a native checkbox says itself whether it is checked */}
      <input {...rest} type="checkbox" role="switch" />
      <ChoiceText label={label} hint={hint} />
    </label>
  );
}

function ChoiceText({ label, hint }: { label: ReactNode; hint?: ReactNode }) {
  return (
    <span className="choice-text">
      {label}
      {hint && <span className="choice-hint">{hint}</span>}
    </span>
  );
}

type Option<V extends string | number> = { value: V; label: ReactNode; hint?: ReactNode; icon?: ReactNode; disabled?: boolean };
type GroupProps<V extends string | number> = {
  legend: ReactNode;
  /** The legend is read out but not shown: the surroundings say it. */
  hideLegend?: boolean;
  options: readonly Option<V>[];
  value: V | null;
  onChange: (value: V) => void;
  error?: ReactNode;
  hint?: ReactNode;
};

/** One of a few, each with room for a line of explanation. */
export function RadioGroup<V extends string | number>(props: GroupProps<V>) {
  const name = useId();
  return (
    <Group {...props}>
      {props.options.map(({ value, label, hint, disabled }) => (
        <label key={value} className="choice">
          <input type="radio" name={name} checked={props.value === value} disabled={disabled} onChange={() => props.onChange(value)} />
          <ChoiceText label={label} hint={hint} />
        </label>
      ))}
    </Group>
  );
}

const scaleLabelMax = 5;

/** One of a few short words or marks, side by side: a view, a score from 1 to 5. */
export function SegmentedControl<V extends string | number>(props: GroupProps<V>) {
  const name = useId();
  // Scores, and the like: a scale has steps of one width.
  const isScale = props.options.every(
    ({ label, icon }) => icon === undefined && typeof label === 'string' && label.length <= scaleLabelMax,
  );
  return (
    <Group {...props}>
      <div className={`segments${isScale ? ' segments-scale' : ''}`}>
        {props.options.map(({ value, label, icon, disabled }) => (
          <label key={value} className="segment">
            <input type="radio" name={name} checked={props.value === value} disabled={disabled} onChange={() => props.onChange(value)} />
            {icon}
            {label}
          </label>
        ))}
      </div>
    </Group>
  );
}

function Group<V extends string | number>({ legend, hideLegend, error, hint, children }: GroupProps<V> & { children: ReactNode }) {
  const id = useId();
  return (
    <fieldset className="field" aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}>
      <legend className={hideLegend ? 'visually-hidden' : 'field-label'}>{legend}</legend>
      {children}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </fieldset>
  );
}

import { useState } from 'react';
import { Checkbox } from '../../../components/choice.tsx';
import { CodeText } from '../../../components/code-text.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { isComposing } from '../../../lib/is-composing.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { OptionField } from '../option-fields.ts';

type Props = { fields: readonly OptionField[]; values: Record<string, string>; onChange: (name: string, value: string) => void };

/** What may be chosen for a format. A value goes into the address when its field is left, and only if it fits. */
export function FormatOptions({ fields, values, onChange }: Props) {
  const t = useT();
  return (
    <fieldset className="format-options">
      <legend className="field-label">{t('formats.options')}</legend>
      {fields.map((field) => (
        <Option key={field.name} field={field} value={values[field.name] ?? ''} onChange={(value) => onChange(field.name, value)} />
      ))}
    </fieldset>
  );
}

function Option({ field, value, onChange }: { field: OptionField; value: string; onChange: (value: string) => void }) {
  const t = useT();
  const [typed, setTyped] = useState(value);
  const [wrong, setWrong] = useState(false);
  const hint =
    field.description === '' ? undefined : (
      <span lang="en">
        <CodeText text={field.description} />
      </span>
    );
  const label = <code>{field.name}</code>;
  if (field.type === 'switch')
    return (
      <Checkbox
        label={label}
        hint={hint}
        checked={(value || field.fallback) === 'true'}
        onChange={(event) => onChange(String(event.target.checked))}
      />
    );
  if (field.type === 'choice')
    return (
      <Field label={label} hint={hint}>
        <Select value={value || field.fallback} onChange={(event) => onChange(event.target.value)}>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Select>
      </Field>
    );
  function settle(input: HTMLInputElement): void {
    setWrong(!input.validity.valid);
    if (input.validity.valid && typed !== value) onChange(typed.trim());
  }
  const bounds = { min: field.min ?? '', max: field.max ?? '' };
  return (
    <Field label={label} hint={hint} error={wrong && t('formats.options.wrong', bounds)}>
      <Input
        type={field.type === 'number' ? 'number' : 'text'}
        value={typed}
        placeholder={field.fallback}
        min={field.min}
        max={field.max}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={(event) => settle(event.target)}
        onKeyDown={(event) => event.key === 'Enter' && !isComposing(event.nativeEvent) && settle(event.currentTarget)}
      />
    </Field>
  );
}

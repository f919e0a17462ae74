import { useId, useState } from 'react';
import { limits } from '@granary/contract';
import { useT } from '../lib/i18n/i18n.ts';
import { Input, Select } from './field.tsx';

/** SPDX names of the licences that texts and data are most often given under. */
const usual = [
  'CC-BY-SA-4.0',
  'CC-BY-SA-3.0',
  'CC-BY-4.0',
  'CC-BY-3.0',
  'CC0-1.0',
  'ODC-By-1.0',
  'ODbL-1.0',
  'PDDL-1.0',
  'GFDL-1.3-or-later',
  'OGL-UK-3.0',
  'MIT',
  'Apache-2.0',
];

type Props = { value: string; onChange: (licence: string) => void; onBlur?: () => void };

/** A licence by its SPDX name: one of the usual ones, or any other. Within a `Field`. */
export function LicencePicker({ value, onChange, onBlur }: Props) {
  const t = useT();
  const otherId = useId();
  const [asksOther, setAsksOther] = useState(false);
  const isOther = asksOther || (value !== '' && !usual.includes(value));
  return (
    <>
      <Select
        translate="no"
        value={isOther ? 'other' : value}
        onBlur={isOther ? undefined : onBlur}
        onChange={({ target }) => {
          setAsksOther(target.value === 'other');
          onChange(target.value === 'other' ? '' : target.value);
        }}
      >
        <option value="" disabled>
          {t('components.licence.choose')}
        </option>
        {usual.map((licence) => (
          <option key={licence} value={licence}>
            {licence}
          </option>
        ))}
        <option value="other">{t('components.licence.other')}</option>
      </Select>
      {isOther && (
        <Input
          id={otherId}
          aria-label={t('components.licence.name')}
          autoComplete="off"
          spellCheck={false}
          maxLength={limits.licenceMax}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onBlur}
        />
      )}
    </>
  );
}

import { languageNames, type Dataset, type Selection } from '@granary/contract';
import { Checkbox, SegmentedControl } from '../../../components/choice.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import './publish.css';

export const everything: Selection = {
  categories: [],
  languages: [],
  minRating: null,
  ratedOnly: false,
  minRatings: 0,
  minComparisons: 0,
  from: null,
  to: null,
};

export const hasWrongDays = ({ from, to }: Selection) => from !== null && to !== null && from > to;

type FieldsProps = { dataset: Dataset; selection: Selection; onChange: (changes: Partial<Selection>) => void };

/** Which pairs of a dataset are wanted. */
export function SelectionFields({ dataset, selection, onChange: change }: FieldsProps) {
  const t = useT();
  const wrongDays = hasWrongDays(selection);
  return (
    <>
      <Choices
        legend={t('publish.categories')}
        hint={t('publish.noneMeansAll')}
        options={dataset.categories.map(({ slug, title }) => [slug, title])}
        chosen={selection.categories}
        onChange={(categories) => change({ categories })}
      />
      <Choices
        legend={t('publish.languages')}
        hint={t('publish.noneMeansAll')}
        options={dataset.languages.map((language) => [language, languageNames[language as keyof typeof languageNames] ?? language])}
        chosen={selection.languages}
        onChange={(languages) => change({ languages })}
      />
      <SegmentedControl
        legend={t('publish.minRating')}
        value={selection.minRating ?? 0}
        onChange={(rating) => change({ minRating: rating === 0 ? null : rating })}
        options={[{ value: 0, label: t('publish.anyRating') }, ...[2, 3, 4, 5].map((value) => ({ value, label: String(value) }))]}
      />
      <Checkbox
        label={t('publish.ratedOnly')}
        hint={t('publish.ratedOnlyHint')}
        checked={selection.ratedOnly}
        onChange={(event) => change({ ratedOnly: event.target.checked })}
      />
      <div className="publish-days">
        {(['minRatings', 'minComparisons'] as const).map((least) => (
          <Field key={least} label={t(`publish.${least}`)} hint={t(`publish.${least}Hint`)}>
            <Input
              type="number"
              min={0}
              max={1000}
              value={selection[least]}
              onChange={(event) => change({ [least]: Math.min(1000, Math.max(0, Math.round(event.target.valueAsNumber || 0))) })}
            />
          </Field>
        ))}
      </div>
      <div className="publish-days">
        <Field label={t('publish.from')} optional error={wrongDays ? t('publish.wrongDays') : undefined}>
          <Input type="date" value={selection.from ?? ''} onChange={(event) => change({ from: event.target.value || null })} />
        </Field>
        <Field label={t('publish.to')} optional>
          <Input type="date" value={selection.to ?? ''} onChange={(event) => change({ to: event.target.value || null })} />
        </Field>
      </div>
    </>
  );
}

type ChoicesProps = {
  legend: string;
  hint: string;
  options: readonly (readonly [value: string, label: string])[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
};

function Choices({ legend, hint, options, chosen, onChange }: ChoicesProps) {
  return (
    <fieldset className="field">
      <legend className="field-label">{legend}</legend>
      <div className="publish-choices">
        {options.map(([value, label]) => (
          <Checkbox
            key={value}
            label={label}
            checked={chosen.includes(value)}
            onChange={(event) => onChange(event.target.checked ? [...chosen, value] : chosen.filter((each) => each !== value))}
          />
        ))}
      </div>
      <div className="field-hint">{hint}</div>
    </fieldset>
  );
}

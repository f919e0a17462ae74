import { Plus, Trash2 } from 'lucide-react';
import { languageNames, limits, textNormalisations, type RatingDimension } from '@granary/contract';
import { Button, IconButton } from '../../../components/button.tsx';
import { Checkbox } from '../../../components/choice.tsx';
import { Field, FieldError, Input, TextArea } from '../../../components/field.tsx';
import { LicencePicker } from '../../../components/licence-picker.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { DatasetFields } from '../dataset-fields.ts';
import './editor.css';

export type FieldsProps = {
  values: DatasetFields;
  /** By path, such as `policy.approvals`. */
  errors: Record<string, string>;
  onChange: (changes: Partial<DatasetFields>) => void;
};

/** What the dataset is. */
export function AboutFields({ values, errors, onChange }: FieldsProps) {
  const t = useT();
  return (
    <>
      <Field label={t('editor.title')} error={errors['title']}>
        <Input value={values.title} maxLength={limits.titleMax} onChange={(event) => onChange({ title: event.target.value })} />
      </Field>
      <Field
        label={t('editor.description')}
        hint={t('editor.descriptionHint')}
        error={errors['description']}
        counter={{ length: values.description.length, max: limits.descriptionMax }}
      >
        <TextArea
          rows={2}
          value={values.description}
          maxLength={limits.descriptionMax}
          onChange={(event) => onChange({ description: event.target.value })}
        />
      </Field>
      <Field label={t('editor.licence')} hint={t('editor.licenceHint')} error={errors['licence']}>
        <LicencePicker value={values.licence} onChange={(licence) => onChange({ licence })} />
      </Field>
      <fieldset className="field">
        <legend className="field-label">{t('editor.languages')}</legend>
        <div className="editor-languages">
          {Object.entries(languageNames).map(([code, name]) => (
            <Checkbox
              key={code}
              label={<span lang={code}>{name}</span>}
              checked={values.languages.includes(code)}
              onChange={(event) =>
                onChange({
                  languages: event.target.checked ? [...values.languages, code] : values.languages.filter((each) => each !== code),
                })
              }
            />
          ))}
        </div>
        {errors['languages'] && <FieldError>{errors['languages']}</FieldError>}
      </fieldset>
    </>
  );
}

/** What contributors read before they write, and what they agree to. */
export function TextFields({ values, errors, onChange }: FieldsProps) {
  const t = useT();
  return (
    <>
      <Field label={t('editor.guidelines')} hint={t('editor.guidelinesHint')} optional error={errors['guidelines']}>
        <TextArea
          look="prose"
          rows={6}
          value={values.guidelines}
          maxLength={limits.guidelinesMax}
          onChange={(event) => onChange({ guidelines: event.target.value })}
        />
      </Field>
      <Field label={t('editor.terms')} hint={t('editor.termsHint')} error={errors['terms']}>
        <TextArea
          look="prose"
          rows={6}
          value={values.terms}
          maxLength={limits.guidelinesMax}
          onChange={(event) => onChange({ terms: event.target.value })}
        />
      </Field>
      <fieldset className="field">
        <legend className="field-label">{t('editor.normalisations')}</legend>
        <p className="small soft">{t('editor.normalisationsHint')}</p>
        {textNormalisations.map((each) => (
          <Checkbox
            key={each}
            label={t(`editor.normalisation.${each}`)}
            checked={values.normalisations.includes(each)}
            onChange={(event) =>
              onChange({
                normalisations: textNormalisations.filter((other) =>
                  other === each ? event.target.checked : values.normalisations.includes(other),
                ),
              })
            }
          />
        ))}
      </fieldset>
    </>
  );
}

const dimensionsMax = 6;

/** What reviewers rate from 1 to 5. */
export function DimensionFields({ values, errors, onChange }: FieldsProps) {
  const t = useT();
  const { dimensions } = values;
  const change = (index: number, changes: Partial<RatingDimension>) =>
    onChange({ dimensions: dimensions.map((each, at) => (at === index ? { ...each, ...changes } : each)) });
  return (
    <>
      {dimensions.map((dimension, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- its short name is what is being typed
        <fieldset key={index} className="editor-dimension">
          <legend className="visually-hidden">{t('editor.dimension', { n: index + 1 })}</legend>
          <Field label={t('editor.dimension.title')} error={errors[`dimensions.${index}.title`]}>
            <Input value={dimension.title} maxLength={limits.titleMax} onChange={(event) => change(index, { title: event.target.value })} />
          </Field>
          <Field label={t('editor.dimension.slug')} hint={t('editor.dimension.slugHint')} error={errors[`dimensions.${index}.slug`]}>
            <Input value={dimension.slug} maxLength={limits.slugMax} onChange={(event) => change(index, { slug: event.target.value })} />
          </Field>
          <Field label={t('editor.dimension.description')} optional error={errors[`dimensions.${index}.description`]}>
            <Input
              value={dimension.description}
              maxLength={limits.descriptionMax}
              onChange={(event) => change(index, { description: event.target.value })}
            />
          </Field>
          <IconButton
            label={t('editor.dimension.remove', { title: dimension.title })}
            icon={<Trash2 aria-hidden />}
            onClick={() => onChange({ dimensions: dimensions.filter((_, at) => at !== index) })}
          />
        </fieldset>
      ))}
      {dimensions.length < dimensionsMax && (
        <div>
          <Button
            size="small"
            icon={<Plus aria-hidden />}
            onClick={() => onChange({ dimensions: [...dimensions, { slug: '', title: '', description: '' }] })}
          >
            {t('editor.dimension.add')}
          </Button>
        </div>
      )}
    </>
  );
}

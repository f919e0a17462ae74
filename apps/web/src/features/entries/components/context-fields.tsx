import type { DraftContent } from '@granary/contract';
import { limits } from '@granary/contract';
import { Checkbox } from '../../../components/choice.tsx';
import { Field, Input, TextArea } from '../../../components/field.tsx';
import { LicencePicker } from '../../../components/licence-picker.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

type Props = {
  /** The category wants a passage: its fields are there from the start. */
  required: boolean;
  content: DraftContent;
  errors: Record<string, string>;
  onChange: (changes: Partial<DraftContent>) => void;
  onBlur: (field: string) => void;
};

/** The passage an answer must rest on, with where it comes from and under which licence. */
export function ContextFields({ required, content, errors, onChange, onBlur }: Props) {
  const t = useT();
  // What is typed stays in sight when another category is chosen that wants no passage.
  const change = (changes: Partial<DraftContent>) => onChange({ hasContext: true, ...changes });
  return (
    <div className="stack gap-3">
      {required ? (
        <p className="small soft">{t('entries.context.required')}</p>
      ) : (
        <Checkbox
          label={t('entries.context.toggle')}
          hint={t('entries.context.toggleHint')}
          checked={content.hasContext}
          onChange={(event) => onChange({ hasContext: event.target.checked })}
        />
      )}
      {content.hasContext && (
        <div className="context-fields">
          <Field
            label={t('entries.context.text')}
            error={errors['instruction.context.text']}
            counter={{ length: content.context.length, max: limits.contextMax }}
          >
            <TextArea
              look="prose"
              rows={5}
              lang={content.language}
              value={content.context}
              onChange={(event) => change({ context: event.target.value })}
              onBlur={() => onBlur('instruction.context.text')}
            />
          </Field>
          <div className="context-source">
            <Field label={t('entries.context.url')} error={errors['instruction.context.url']}>
              <Input
                type="url"
                inputMode="url"
                autoComplete="off"
                value={content.contextUrl}
                onChange={(event) => change({ contextUrl: event.target.value })}
                onBlur={() => onBlur('instruction.context.url')}
              />
            </Field>
            <Field
              label={t('entries.context.licence')}
              error={errors['instruction.context.licence']}
              hint={t('entries.context.licenceHint')}
            >
              <LicencePicker
                value={content.contextLicence}
                onChange={(contextLicence) => change({ contextLicence })}
                onBlur={() => onBlur('instruction.context.licence')}
              />
            </Field>
          </div>
        </div>
      )}
    </div>
  );
}

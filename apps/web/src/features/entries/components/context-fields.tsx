import type { DraftContent } from '@granary/contract';
import { limits } from '@granary/contract';
import { Checkbox } from '../../../components/choice.tsx';
import { Field, Input, TextArea } from '../../../components/field.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

/** SPDX identifiers that are common for passages people quote; any other can be typed. */
const commonLicences = ['CC-BY-SA-4.0', 'CC-BY-SA-3.0', 'CC-BY-4.0', 'CC0-1.0', 'PDDL-1.0', 'MIT', 'Apache-2.0', 'OGL-UK-3.0'];

type Props = {
  content: DraftContent;
  errors: Record<string, string>;
  onChange: (changes: Partial<DraftContent>) => void;
  onBlur: (field: string) => void;
};

/** The passage an answer must rest on, with where it comes from and under which licence. */
export function ContextFields({ content, errors, onChange, onBlur }: Props) {
  const t = useT();
  return (
    <div className="stack gap-3">
      <Checkbox
        label={t('entries.context.toggle')}
        hint={t('entries.context.toggleHint')}
        checked={content.hasContext}
        onChange={(event) => onChange({ hasContext: event.target.checked })}
      />
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
              onChange={(event) => onChange({ context: event.target.value })}
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
                onChange={(event) => onChange({ contextUrl: event.target.value })}
                onBlur={() => onBlur('instruction.context.url')}
              />
            </Field>
            <Field
              label={t('entries.context.licence')}
              error={errors['instruction.context.licence']}
              hint={t('entries.context.licenceHint')}
            >
              <Input
                list="context-licences"
                autoComplete="off"
                spellCheck={false}
                value={content.contextLicence}
                onChange={(event) => onChange({ contextLicence: event.target.value })}
                onBlur={() => onBlur('instruction.context.licence')}
              />
            </Field>
            <datalist id="context-licences">
              {commonLicences.map((licence) => (
                <option key={licence} value={licence}>
                  {licence}
                </option>
              ))}
            </datalist>
          </div>
        </div>
      )}
    </div>
  );
}

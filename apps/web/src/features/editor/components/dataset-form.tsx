import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dataset, ReviewPolicy } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button } from '../../../components/button.tsx';
import { Switch } from '../../../components/choice.tsx';
import { Notice } from '../../../components/notice.tsx';
import { Section } from '../../../components/section.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { focusFirstError } from '../../../lib/focus-first-error.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useValidation } from '../../../lib/use-validation.ts';
import { fieldsOf } from '../dataset-fields.ts';
import { sectionOfField, type SettingsSection } from '../settings-sections.ts';
import { useEdits } from '../use-edits.ts';
import { PolicyFields } from './policy-fields.tsx';
import { SettingsNav } from './settings-nav.tsx';
import { AboutFields, DimensionFields, TextFields } from './settings-fields.tsx';

const loadSchema = async () => (await import('@granary/contract')).endpoints.datasets.update.body;

type Props = {
  dataset: Dataset;
  section: SettingsSection;
  /** Goes to the section with the first mistake. */
  onSection: (section: SettingsSection) => void;
  /** Categories are saved one by one, by forms of their own. */
  categories: ReactNode;
  /** What is known of the reviewers, beside the policy. */
  estimate: ReactNode;
  /** What the policy as it is being edited would lead to. */
  forecast: (policy: ReviewPolicy) => ReactNode;
};

/** Changes a dataset, a section at a time. What somebody else changed meanwhile is loaded around what was typed here. */
export function DatasetForm({ dataset, section, onSection, categories, estimate, forecast }: Props) {
  const t = useT();
  const client = useQueryClient();
  const { values, edits, edited, edit, forget } = useEdits(fieldsOf(dataset));
  const [asked, setAsked] = useState(false);
  const found = useValidation(loadSchema)(edits);
  const termsChange = edits.terms !== undefined || edits.licence !== undefined;
  const save = useMutation({
    mutationFn: () => callApi(endpoints.datasets.update, { params: { slug: dataset.slug }, body: edits, ifMatch: dataset.version }),
    onSuccess: async () => {
      forget();
      setAsked(false);
      toast({ tone: 'positive', text: t('editor.saved') });
      await refresh();
    },
    onError: (error) => isApiError(error, 'version_conflict') && void refresh(),
  });
  const refresh = () =>
    Promise.all(
      [endpoints.datasets.get, endpoints.datasets.list].map((endpoint) => client.invalidateQueries({ queryKey: apiQueryKey(endpoint) })),
    );
  const conflict = isApiError(save.error, 'version_conflict');
  const errors = { ...(asked ? found : {}), ...(isApiError(save.error) ? save.error.fieldErrors : {}) };
  const fields = {
    values,
    errors,
    onChange: (changes: Partial<typeof values>) => {
      save.reset();
      edit(changes);
    },
  };
  function showMistake(form: HTMLFormElement, paths: readonly string[]): void {
    const places = paths.map(sectionOfField);
    const [first] = places;
    if (first !== undefined && !places.includes(section)) onSection(first);
    // Another section has to be there first.
    setTimeout(() => focusFirstError(form));
  }
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setAsked(true);
    const form = event.currentTarget;
    if (Object.keys(found).length > 0) showMistake(form, Object.keys(found));
    // The server finds what the page cannot know, and what it has not loaded its schema for yet.
    else save.mutate(undefined, { onError: (error) => isApiError(error) && showMistake(form, Object.keys(error.fieldErrors)) });
  }
  const changed = new Set(Object.keys(edits).map(sectionOfField));
  const nav = <SettingsNav slug={dataset.slug} changed={changed} />;
  if (section === 'categories')
    return (
      <div className="settings">
        {nav}
        <div className="editor">{categories}</div>
      </div>
    );
  return (
    <div className="settings">
      {nav}
      <form className="editor" noValidate onSubmit={submit}>
        {section === 'about' && (
          <Section title={t('editor.about')}>
            <AboutFields {...fields} />
            <Switch
              label={t('editor.archived')}
              hint={t('editor.archivedHint')}
              checked={values.archived}
              onChange={(event) => fields.onChange({ archived: event.target.checked })}
            />
          </Section>
        )}
        {section === 'texts' && (
          <Section title={t('editor.texts')}>
            <TextFields {...fields} />
          </Section>
        )}
        {section === 'policy' && (
          <Section title={t('editor.policy')}>
            <PolicyFields {...fields} />
            {forecast(values.policy)}
          </Section>
        )}
        {section === 'ratings' && (
          <Section title={t('editor.dimensions')}>
            <DimensionFields {...fields} />
          </Section>
        )}
        {termsChange && (
          <Notice tone="warning" title={t('editor.termsWarning')}>
            {t('editor.termsWarningText', { n: dataset.termsVersion + 1 })}
          </Notice>
        )}
        {conflict && (
          <Notice tone="warning" live title={t('editor.conflict')}>
            {t('editor.conflictText')}
          </Notice>
        )}
        <ActionBar error={!conflict ? save.error : null}>
          {edited && (
            <Button variant="quiet" onClick={forget}>
              {t('editor.discard')}
            </Button>
          )}
          <Button variant="primary" type="submit" busy={save.isPending} disabled={!edited}>
            {t('editor.save')}
          </Button>
        </ActionBar>
        {section === 'policy' && estimate}
      </form>
    </div>
  );
}

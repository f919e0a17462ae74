import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { limits, type Dataset } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { focusFirstError } from '../../../lib/focus-first-error.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useValidation } from '../../../lib/use-validation.ts';
import { slugOf, type DatasetFields } from '../dataset-fields.ts';
import { AboutFields } from './settings-fields.tsx';
import './editor.css';

const loadSchema = async () => (await import('@granary/contract')).endpoints.datasets.create.body;
const blank: Pick<DatasetFields, 'title' | 'description' | 'licence' | 'languages'> = {
  title: '',
  description: '',
  licence: 'CC-BY-SA-4.0',
  languages: ['en'],
};

/** Creates a dataset from the least that must be known; the rest begins with sensible defaults and can be changed afterwards. */
export function NewDatasetForm({ onCreated }: { onCreated: (dataset: Dataset) => void }) {
  const t = useT();
  const client = useQueryClient();
  const [values, setValues] = useState(blank);
  const [chosenSlug, setSlug] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const slug = chosenSlug ?? slugOf(values.title, limits.slugMax);
  const found = useValidation(loadSchema)({ slug, ...values });
  const create = useMutation({
    mutationFn: () => callApi(endpoints.datasets.create, { body: { slug, ...values } }),
    onSuccess: async (dataset) => {
      await client.invalidateQueries({ queryKey: apiQueryKey(endpoints.datasets.list) });
      onCreated(dataset);
    },
  });
  const taken = isApiError(create.error, 'slug_taken');
  const errors = { ...(asked ? found : {}), ...(isApiError(create.error) ? create.error.fieldErrors : {}) };
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setAsked(true);
    const form = event.currentTarget;
    if (Object.keys(found).length > 0) focusFirstError(form);
    // The server finds what the page cannot know, and what it has not loaded its schema for yet.
    else create.mutate(undefined, { onError: () => focusFirstError(form) });
  }
  return (
    <form className="editor stack gap-5" noValidate onSubmit={submit}>
      <AboutFields
        values={{ ...values, guidelines: '', terms: '', normalisations: [], dimensions: [], archived: false, policy: noPolicy }}
        errors={errors}
        onChange={(changes) => setValues((before) => ({ ...before, ...changes }))}
      />
      <Field label={t('editor.slug')} hint={t('editor.slugHint')} error={taken ? t('editor.slugTaken') : errors['slug']}>
        <Input
          value={slug}
          maxLength={limits.slugMax}
          onChange={(event) => {
            create.reset();
            setSlug(event.target.value);
          }}
        />
      </Field>
      <ActionBar error={!taken ? create.error : null}>
        <Button variant="primary" type="submit" busy={create.isPending}>
          {t('editor.create')}
        </Button>
      </ActionBar>
    </form>
  );
}

/** Not shown here: the server gives a new dataset its own defaults. */
const noPolicy: DatasetFields['policy'] = {
  kind: 'fixed',
  approvals: 1,
  rejections: 1,
  changeRequests: 1,
  maxReviews: 1,
  openReview: true,
};

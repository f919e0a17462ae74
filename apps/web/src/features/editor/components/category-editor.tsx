import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { limits, type Category, type CategoryExample, type Dataset } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Checkbox } from '../../../components/choice.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input, TextArea } from '../../../components/field.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { focusFirstError } from '../../../lib/focus-first-error.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useValidation } from '../../../lib/use-validation.ts';
import { slugOf } from '../dataset-fields.ts';
import { useEdits } from '../use-edits.ts';
import './editor.css';

type CategoryFields = Pick<Category, 'title' | 'guideline' | 'targetCount' | 'requiresContext' | 'goodExample' | 'badExample'>;
const loadSchema = async () => (await import('@granary/contract')).endpoints.datasets.updateCategory.body;
const loadNewSchema = async () => (await import('@granary/contract')).endpoints.datasets.addCategory.body;
const blank: CategoryFields = { title: '', guideline: '', targetCount: 1000, requiresContext: false, goodExample: null, badExample: null };

/** The categories of a dataset, each to be opened and changed, and the way to add one. */
export function CategoryEditor({ dataset }: { dataset: Dataset }) {
  const t = useT();
  const [added, setAdded] = useState(0);
  return (
    <>
      {dataset.categories.map((category) => (
        <Disclosure key={category.slug} summary={category.title}>
          <CategoryForm dataset={dataset} category={category} />
        </Disclosure>
      ))}
      <Disclosure key={added} summary={t('editor.category.add')}>
        <CategoryForm dataset={dataset} category={null} onSaved={() => setAdded((before) => before + 1)} />
      </Disclosure>
    </>
  );
}

function CategoryForm({ dataset, category, onSaved }: { dataset: Dataset; category: Category | null; onSaved?: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const { values, edits, edited, edit, forget } = useEdits<CategoryFields>(category === null ? blank : fieldsOf(category));
  const [asked, setAsked] = useState(false);
  // Both schemas name the same fields; a new category needs its short name as well.
  const slug = category?.slug ?? slugOf(values.title, limits.slugMax).replaceAll('-', '_');
  const found = useValidation(category === null ? loadNewSchema : loadSchema)(category === null ? { slug, ...values } : edits);
  const save = useMutation({
    mutationFn: () =>
      category === null
        ? callApi(endpoints.datasets.addCategory, { params: { slug: dataset.slug }, body: { slug, ...values } })
        : callApi(endpoints.datasets.updateCategory, { params: { slug: dataset.slug, category: category.slug }, body: edits }),
    onSuccess: async () => {
      toast({ tone: 'positive', text: t('editor.saved') });
      await client.invalidateQueries({ queryKey: apiQueryKey(endpoints.datasets.get) });
      forget();
      setAsked(false);
      onSaved?.();
    },
  });
  const errors: Record<string, string> = { ...(asked ? found : {}), ...(isApiError(save.error) ? save.error.fieldErrors : {}) };
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setAsked(true);
    const form = event.currentTarget;
    if (Object.keys(found).length > 0) focusFirstError(form);
    // The server finds what the page cannot know, and what it has not loaded its schema for yet.
    else save.mutate(undefined, { onError: () => focusFirstError(form) });
  }
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <div className="editor-pair">
        <Field label={t('editor.category.title')} error={errors['title'] ?? errors['slug']}>
          <Input value={values.title} maxLength={limits.titleMax} onChange={(event) => edit({ title: event.target.value })} />
        </Field>
        <Field label={t('editor.category.target')} hint={t('editor.category.targetHint')} error={errors['targetCount']}>
          <Input
            type="number"
            min={0}
            value={Number.isNaN(values.targetCount) ? '' : values.targetCount}
            onChange={(event) => edit({ targetCount: event.target.valueAsNumber })}
          />
        </Field>
      </div>
      <Field label={t('editor.category.guideline')} hint={t('editor.guidelinesHint')} error={errors['guideline']}>
        <TextArea
          look="prose"
          rows={4}
          value={values.guideline}
          maxLength={limits.guidelinesMax}
          onChange={(event) => edit({ guideline: event.target.value })}
        />
      </Field>
      <Checkbox
        label={t('editor.category.requiresContext')}
        hint={t('editor.category.requiresContextHint')}
        checked={values.requiresContext}
        onChange={(event) => edit({ requiresContext: event.target.checked })}
      />
      <ExampleFields title={t('editor.example.good')} example={values.goodExample} onChange={(goodExample) => edit({ goodExample })} />
      <ExampleFields title={t('editor.example.bad')} example={values.badExample} onChange={(badExample) => edit({ badExample })} />
      {save.isError && <ErrorState error={save.error} />}
      <div>
        <Button type="submit" busy={save.isPending} disabled={!edited}>
          {t(category === null ? 'editor.category.addSubmit' : 'editor.category.save')}
        </Button>
      </div>
    </form>
  );
}

const parts = ['instruction', 'context', 'response', 'why'] as const;
const maxOf = { instruction: limits.instructionMax, context: limits.contextMax, response: limits.responseMax, why: limits.noteMax };
const noExample: CategoryExample = { instruction: '', response: '', why: '' };

/** An example is there as soon as one of its parts has words. */
function ExampleFields({
  title,
  example,
  onChange,
}: {
  title: string;
  example: CategoryExample | null;
  onChange: (example: CategoryExample | null) => void;
}) {
  const t = useT();
  function change(part: (typeof parts)[number], text: string): void {
    const next = { ...noExample, ...example, [part]: text };
    if (next.context === '') delete next.context;
    onChange(parts.every((each) => !next[each]) ? null : next);
  }
  return (
    <fieldset className="stack gap-3 editor-example">
      <legend className="field-label">{title}</legend>
      {parts.map((part) => (
        <Field key={part} label={t(`editor.example.${part}`)} optional={part === 'context'}>
          <TextArea
            rows={part === 'why' ? 1 : 2}
            maxLength={maxOf[part]}
            value={example?.[part] ?? ''}
            onChange={(event) => change(part, event.target.value)}
          />
        </Field>
      ))}
    </fieldset>
  );
}

function fieldsOf({ title, guideline, targetCount, requiresContext, goodExample, badExample }: Category): CategoryFields {
  return { title, guideline, targetCount, requiresContext, goodExample, badExample };
}

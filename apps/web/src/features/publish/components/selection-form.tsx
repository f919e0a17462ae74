import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PackageCheck } from 'lucide-react';
import { languageNames, limits, type Dataset, type Selection, type Snapshot } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { BarList } from '../../../components/bar-list.tsx';
import { Button } from '../../../components/button.tsx';
import { Checkbox, SegmentedControl } from '../../../components/choice.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input, TextArea } from '../../../components/field.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { callApi, endpoints, isApiError, newIdempotencyKey } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSelectionSize } from '../use-selection-size.ts';
import './publish.css';

const everything: Selection = {
  categories: [],
  languages: [],
  minRating: null,
  ratedOnly: false,
  minRatings: 0,
  minComparisons: 0,
  from: null,
  to: null,
};

/** Chooses what a snapshot holds, says at once how much that is, and starts to build it. */
export function SelectionForm({ dataset, busy }: { dataset: Dataset; busy: boolean }) {
  const t = useT();
  const client = useQueryClient();
  const [selection, setSelection] = useState(everything);
  const [notes, setNotes] = useState('');
  const [key, setKey] = useState(newIdempotencyKey);
  const size = useSelectionSize(dataset.slug, selection);
  const publish = useMutation({
    mutationFn: (): Promise<Snapshot> =>
      callApi(endpoints.snapshots.create, { params: { slug: dataset.slug }, body: { selection, notes }, idempotencyKey: key }),
    onSuccess: async () => {
      setNotes('');
      setKey(newIdempotencyKey());
      await client.invalidateQueries({ queryKey: apiQueryKey(endpoints.snapshots.list) });
    },
    // A refusal answers this attempt; what is sent after a change is another one.
    onError: (error) => isApiError(error) && setKey(newIdempotencyKey()),
  });
  const change = (changes: Partial<Selection>) => {
    publish.reset();
    setSelection((before) => ({ ...before, ...changes }));
  };
  function submit(event: FormEvent): void {
    event.preventDefault();
    publish.mutate();
  }
  const wrongDays = selection.from !== null && selection.to !== null && selection.from > selection.to;
  const empty = size.data?.pairs === 0;
  return (
    <form className="with-aside" noValidate onSubmit={submit}>
      <div className="stack gap-5">
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
        <Field label={t('publish.notes')} hint={t('publish.notesHint')} optional counter={{ length: notes.length, max: limits.noteMax }}>
          <TextArea rows={3} maxLength={limits.noteMax} value={notes} onChange={(event) => setNotes(event.target.value)} />
        </Field>
        {publish.isError && <ErrorState error={publish.error} />}
        <ActionBar status={busy ? t('publish.running') : empty ? t('publish.empty') : undefined}>
          <Button
            variant="primary"
            type="submit"
            icon={<PackageCheck aria-hidden />}
            busy={publish.isPending}
            disabled={busy || empty || wrongDays}
          >
            {t('publish.submit')}
          </Button>
        </ActionBar>
      </div>
      <aside className="publish-size" aria-label={t('publish.size')} aria-busy={size.stale}>
        {size.isError ? (
          <ErrorState error={size.error} onRetry={size.refetch} />
        ) : (
          <>
            <p role="status" className="publish-total">
              {size.data === undefined ? '…' : <NumberText value={size.data.pairs} />}
              <span className="small soft">{t('publish.pairs', { n: size.data?.pairs ?? 0 })}</span>
            </p>
            {size.data !== undefined && size.data.pairs > 0 && (
              <>
                <BarList
                  caption={t('publish.byCategory')}
                  nameHeader={t('publish.categories')}
                  valueHeader={t('publish.size')}
                  bars={size.data.byCategory.map(({ category, pairs }) => ({
                    key: category,
                    label: dataset.categories.find(({ slug }) => slug === category)?.title ?? category,
                    value: pairs,
                  }))}
                />
                <BarList
                  caption={t('publish.byLanguage')}
                  nameHeader={t('publish.languages')}
                  valueHeader={t('publish.size')}
                  bars={size.data.byLanguage.map(({ language, pairs }) => ({
                    key: language,
                    label: languageNames[language as keyof typeof languageNames] ?? language,
                    value: pairs,
                  }))}
                />
              </>
            )}
          </>
        )}
      </aside>
    </form>
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

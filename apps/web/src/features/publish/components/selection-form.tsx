import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PackageCheck } from 'lucide-react';
import { languageNames, limits, type Dataset, type Selection, type Snapshot } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { BarList } from '../../../components/bar-list.tsx';
import { Button } from '../../../components/button.tsx';
import { useConfirm } from '../../../components/confirm.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { callApi, endpoints, isApiError, newIdempotencyKey } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { useSelectionSize } from '../use-selection-size.ts';
import { everything, hasWrongDays, SelectionFields } from './selection-fields.tsx';
import './publish.css';

type Props = {
  dataset: Dataset;
  busy: boolean;
  /** The snapshot with this number is being built. */
  onStarted: (number: number) => void;
};

/** Chooses what a snapshot holds, says at once how much that is, and starts to build it. */
export function SelectionForm({ dataset, busy, onStarted }: Props) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [selection, setSelection] = useState(everything);
  const [notes, setNotes] = useState('');
  const [key, setKey] = useState(newIdempotencyKey);
  const size = useSelectionSize(dataset.slug, selection);
  const publish = useMutation({
    mutationFn: (): Promise<Snapshot> =>
      callApi(endpoints.snapshots.create, { params: { slug: dataset.slug }, body: { selection, notes }, idempotencyKey: key }),
    onSuccess: async ({ number }) => {
      await client.invalidateQueries({ queryKey: apiQueryKey(endpoints.snapshots.list) });
      onStarted(number);
    },
    // A refusal answers this attempt; what is sent after a change is another one.
    onError: (error) => isApiError(error) && setKey(newIdempotencyKey()),
  });
  const change = (changes: Partial<Selection>) => {
    publish.reset();
    setSelection((before) => ({ ...before, ...changes }));
  };
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (size.data === undefined || size.stale) return;
    const n = size.data.pairs;
    const question = {
      title: t('publish.confirm.title', { n, count: formatNumber(locale, n) }),
      body: t('publish.confirm.text', { title: dataset.title }),
      confirmLabel: t('publish.confirm.submit'),
    };
    if (await confirm(question)) publish.mutate();
  }
  const wrongDays = hasWrongDays(selection);
  const empty = size.data?.pairs === 0;
  return (
    <form className="with-aside" noValidate onSubmit={(event) => void submit(event)}>
      <div className="stack gap-5">
        <SelectionFields dataset={dataset} selection={selection} onChange={change} />
        <Field label={t('publish.notes')} hint={t('publish.notesHint')} optional counter={{ length: notes.length, max: limits.noteMax }}>
          <TextArea rows={3} maxLength={limits.noteMax} value={notes} onChange={(event) => setNotes(event.target.value)} />
        </Field>
        <ActionBar error={publish.error} status={busy ? t('publish.running') : empty ? t('publish.empty') : undefined}>
          <Button
            variant="primary"
            type="submit"
            icon={<PackageCheck aria-hidden />}
            busy={publish.isPending}
            disabled={busy || empty || wrongDays || size.data === undefined || size.stale}
          >
            {t('publish.submit')}
          </Button>
        </ActionBar>
      </div>
      <section className="publish-size" aria-label={t('publish.size')} aria-busy={size.stale}>
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
      </section>
    </form>
  );
}

import { useState, type FormEvent } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import {
  changedRowChoices,
  importFormats,
  languageNames,
  limits,
  type ColumnMapping,
  type Dataset,
  type Import,
  type ImportFormat,
  type ImportOptions,
} from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button } from '../../../components/button.tsx';
import { Checkbox, RadioGroup } from '../../../components/choice.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { LicencePicker } from '../../../components/licence-picker.tsx';
import { Section } from '../../../components/section.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { focusFirstError } from '../../../lib/focus-first-error.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSettled } from '../../../lib/use-settled.ts';
import { useImportOptions } from '../use-import-options.ts';
import { PreviewRows } from './preview-rows.tsx';
import './imports.css';

/** Formats of one row per pair, whose columns can be named; the others have a fixed shape. */
const mapped = new Set<ImportFormat>(['dolly', 'alpaca']);
const fields = ['instruction', 'context', 'response', 'category', 'language', 'externalId'] as const;

const settleMs = 700;
/** A shorter name is no origin to compare rows with yet. */
const leastOriginName = 2;

/** What the file is and how to read it, with its first rows as they would go in; starts the import, or goes on with it. */
export function ImportForm({ item, dataset }: { item: Import; dataset: Dataset }) {
  const t = useT();
  const client = useQueryClient();
  const { options, change, errors } = useImportOptions(item, dataset);
  const [asked, setAsked] = useState(false);
  const { format, mapping, defaultCategory, defaultLanguage } = options;
  const settledName = useSettled(options.originName.trim(), settleMs);
  const origin = settledName.length < leastOriginName ? {} : { originName: settledName };
  const preview = useQuery({
    queryKey: [endpoints.imports.preview.path, item.id, format, mapping, defaultCategory, defaultLanguage, settledName],
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      callApi(endpoints.imports.preview, {
        params: { id: item.id },
        body: { format, mapping, defaultCategory, defaultLanguage, ...origin },
        signal,
      }),
  });
  const start = useMutation({
    mutationFn: () => callApi(endpoints.imports.start, { params: { id: item.id }, body: options }),
    onSuccess: () =>
      Promise.all(
        [endpoints.imports.get, endpoints.imports.list].map((endpoint) => client.invalidateQueries({ queryKey: apiQueryKey(endpoint) })),
      ),
  });
  const fromServer = isApiError(start.error) ? start.error.fieldErrors : {};
  const errorOf = (name: keyof ImportOptions) => fromServer[name] ?? (asked ? errors[name] : undefined);
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setAsked(true);
    const form = event.currentTarget;
    if (Object.keys(errors).length > 0) focusFirstError(form);
    // The server finds what the page cannot know, and what it has not loaded its schema for yet.
    else start.mutate(undefined, { onError: () => focusFirstError(form) });
  }
  return (
    <form className="import-form" noValidate onSubmit={submit}>
      <Section title={t('imports.shape')}>
        <div className="import-fields">
          <Field label={t('imports.format')} hint={t(`imports.formatHint.${format}`)}>
            <Select value={format} onChange={(event) => change({ format: event.target.value as ImportFormat, mapping: null })}>
              {importFormats.map((value) => (
                <option key={value} value={value}>
                  {t(`imports.format.${value}`)}
                </option>
              ))}
            </Select>
          </Field>
          {mapped.has(format) &&
            preview.data !== undefined &&
            fields.map((field) => (
              <ColumnField
                key={field}
                field={field}
                columns={preview.data.columns}
                mapping={mapping ?? preview.data.mapping}
                onChange={(next) => change({ mapping: next })}
              />
            ))}
        </div>
      </Section>
      <Section title={t('imports.preview')}>
        {preview.isPending && <Skeleton lines={6} />}
        {preview.isError && <ErrorState error={preview.error} onRetry={preview.refetch} />}
        {preview.data !== undefined && !preview.isError && <PreviewRows preview={preview.data} dataset={dataset} />}
      </Section>
      <Section title={t('imports.about')}>
        <div className="import-fields">
          <Field label={t('imports.originName')} hint={t('imports.originNameHint')} error={errorOf('originName')}>
            <Input
              value={options.originName}
              maxLength={limits.titleMax}
              onChange={(event) => change({ originName: event.target.value })}
            />
          </Field>
          <Field label={t('imports.originUrl')} optional error={errorOf('originUrl')}>
            <Input type="url" value={options.originUrl ?? ''} onChange={(event) => change({ originUrl: event.target.value || null })} />
          </Field>
          <Field label={t('imports.licence')} hint={t('imports.licenceHint')} error={errorOf('licence')}>
            <LicencePicker value={options.licence} onChange={(licence) => change({ licence })} />
          </Field>
          <Field label={t('imports.defaultCategory')} hint={t('imports.defaultCategoryHint')}>
            <Select value={defaultCategory ?? ''} onChange={(event) => change({ defaultCategory: event.target.value || null })}>
              <option value="">{t('imports.noCategory')}</option>
              {dataset.categories.map(({ slug, title }) => (
                <option key={slug} value={slug}>
                  {title}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('imports.defaultLanguage')}>
            <Select value={defaultLanguage} onChange={(event) => change({ defaultLanguage: event.target.value })}>
              {dataset.languages.map((language) => (
                <option key={language} value={language}>
                  {languageNames[language as keyof typeof languageNames] ?? language}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <RadioGroup
          legend={t('imports.startStatus')}
          value={options.status}
          onChange={(status) => change({ status })}
          options={[
            { value: 'in_review', label: t('vocabulary.status.in_review'), hint: t('imports.startStatusHint.in_review') },
            { value: 'approved', label: t('vocabulary.status.approved'), hint: t('imports.startStatusHint.approved') },
          ]}
        />
        <RadioGroup
          legend={t('imports.changedRows')}
          value={options.changedRows}
          onChange={(changedRows) => change({ changedRows })}
          options={changedRowChoices.map((value) => ({
            value,
            label: t(`imports.changedRows.${value}`),
            hint: t(`imports.changedRowsHint.${value}`),
          }))}
        />
        <Checkbox
          label={t('imports.strict')}
          hint={t('imports.strictHint')}
          checked={options.strict}
          onChange={(event) => change({ strict: event.target.checked })}
        />
      </Section>
      <ActionBar error={start.error}>
        <Button variant="primary" type="submit" icon={<Play aria-hidden />} busy={start.isPending} disabled={preview.isError}>
          {t(item.status === 'uploaded' ? 'imports.start' : 'imports.goOn')}
        </Button>
      </ActionBar>
    </form>
  );
}

type ColumnFieldProps = {
  field: (typeof fields)[number];
  columns: readonly string[];
  mapping: ColumnMapping | null;
  onChange: (mapping: ColumnMapping) => void;
};

const unmapped: ColumnMapping = { instruction: '', response: '', context: null, category: null, language: null, externalId: null };

function ColumnField({ field, columns, mapping, onChange }: ColumnFieldProps) {
  const t = useT();
  const needed = field === 'instruction' || field === 'response';
  const chosen = mapping ?? unmapped;
  return (
    <Field label={t('imports.columnFor', { field: t(`imports.field.${field}`) })} optional={!needed}>
      <Select
        value={chosen[field] ?? ''}
        onChange={(event) => onChange({ ...chosen, [field]: event.target.value === '' && !needed ? null : event.target.value })}
      >
        {(!needed || !chosen[field]) && <option value="">{t('imports.noColumn')}</option>}
        {columns.map((column) => (
          <option key={column} value={column}>
            {column}
          </option>
        ))}
      </Select>
    </Field>
  );
}

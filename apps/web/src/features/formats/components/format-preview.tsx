import { useId, useState, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { Format } from '@granary/contract';
import { CodeBlock, CopyButton } from '../../../components/code-block.tsx';
import { SegmentedControl } from '../../../components/choice.tsx';
import { CodeText } from '../../../components/code-text.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Select } from '../../../components/field.tsx';
import { Section } from '../../../components/section.tsx';
import { ListSkeleton, PageSkeleton } from '../../../components/skeleton.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { setParameter, useEditAddress } from '../../../lib/use-edit-address.ts';
import { exportUrl, type ExportQuery } from '../export-url.ts';
import { fetchRows } from '../fetch-export.ts';
import { optionFields } from '../option-fields.ts';
import { FormatDownloads } from './format-downloads.tsx';
import { FormatOptions } from './format-options.tsx';
import './formats.css';

const previewRows = 3;
/** Formats that this page describes in its own words. */
const knownFormats = [
  'alpaca',
  'dolly',
  'dpo',
  'full',
  'kshot',
  'kto',
  'messages',
  'oasst-messages',
  'oasst-trees',
  'prompt-completion',
  'sharegpt',
] as const;
/** The format that most training code takes as it is. */
const usual = 'messages';
type Props = { slug: string; number: number; filters: ExportQuery; /** Where the filters are chosen. */ filterFields: ReactNode };

/** A snapshot as a format has it: what the columns mean, its first rows, and where to have all of it. The address keeps the choice. */
export function FormatPreview({ slug, number, filters, filterFields }: Props) {
  const t = useT();
  const [search] = useSearchParams();
  const edit = useEditAddress();
  const query = useQuery({ ...apiQuery(endpoints.snapshotExports.formats), staleTime: Infinity });
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const { formats, encodings } = query.data;
  const format = formats.find(({ name }) => name === (search.get('format') ?? usual)) ?? formats[0];
  if (format === undefined) return null;
  const fields = optionFields(format.optionsSchema);
  const set = (name: string, value: string) =>
    edit((now) => {
      setParameter(now, name, value);
      // Another format has other options.
      if (name === 'format') for (const { name: option } of fields) now.delete(option);
    });
  const options = Object.fromEntries(fields.flatMap(({ name }) => (search.has(name) ? [[name, search.get(name) ?? '']] : [])));
  const wanted = { format: format.name, ...filters, ...options };
  return (
    <div className="format-preview">
      <div className="stack gap-5">
        <Field label={t('formats.format')} className="format-pick">
          <Select value={format.name} onChange={(event) => set('format', event.target.value)}>
            {formats.map(({ name, title }) => (
              <option key={name} value={name}>
                {title} ({name})
              </option>
            ))}
          </Select>
        </Field>
        <FormatDescription format={format} />
        {filterFields}
        {fields.length > 0 && <FormatOptions key={format.name} fields={fields} values={options} onChange={set} />}
      </div>
      <Rows slug={slug} number={number} query={wanted} />
      <Columns format={format} />
      <FormatDownloads slug={slug} number={number} query={wanted} format={format} encodings={encodings} />
    </div>
  );
}

/** In the reader's language; of a format that this page does not know, as the server says it. */
function FormatDescription({ format: { name, description } }: { format: Format }) {
  const t = useT();
  const known = knownFormats.find((each) => each === name);
  return (
    <p className="serif measure" lang={known === undefined ? 'en' : undefined}>
      <CodeText text={known === undefined ? sentence(description) : t(`formats.about.${known}`)} />
    </p>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

function Rows({ slug, number, query }: { slug: string; number: number; query: ExportQuery }) {
  const t = useT();
  const [look, setLook] = useState<'pretty' | 'raw'>('pretty');
  const url = exportUrl(slug, number, { ...query, encoding: 'jsonl', limit: previewRows });
  const rows = useQuery({ queryKey: ['export', url], queryFn: ({ signal }) => fetchRows(url, signal), staleTime: Infinity });
  return (
    <Section
      title={t('formats.rows')}
      actions={
        <SegmentedControl
          legend={t('formats.look')}
          hideLegend
          value={look}
          onChange={setLook}
          options={[
            { value: 'pretty', label: t('formats.look.pretty') },
            { value: 'raw', label: t('formats.look.raw') },
          ]}
        />
      }
    >
      {rows.isPending && <ListSkeleton rows={2} />}
      {rows.isError && <ErrorState error={rows.error} onRetry={rows.refetch} />}
      {rows.data?.length === 0 && (
        <EmptyState heading="h3" title={t('formats.empty.title')}>
          {t('formats.empty.text')}
        </EmptyState>
      )}
      {rows.data !== undefined && rows.data.length > 0 && look === 'raw' && (
        <CodeBlock label={t('formats.raw', { n: rows.data.length })} code={rows.data.join('\n')} />
      )}
      {look === 'pretty' &&
        rows.data?.map((line, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- two rows may say the same: a row of a file is named by its place
          <PrettyRow key={`${index} ${line}`} line={line} nth={index + 1} />
        ))}
    </Section>
  );
}

function PrettyRow({ line, nth }: { line: string; nth: number }) {
  const t = useT();
  const id = useId();
  const row = JSON.parse(line) as Record<string, unknown>;
  return (
    <section className="format-row" aria-labelledby={id}>
      <div className="format-row-head">
        <h3 id={id} className="kicker">
          {t('formats.row', { nth })}
        </h3>
        <CopyButton text={JSON.stringify(row, null, 2)} />
      </div>
      <dl>
        {Object.entries(row).map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd dir="auto">
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard */}
              <div className="format-value" tabIndex={isLong(value) ? 0 : undefined}>
                <Value value={value} />
              </div>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Likely to be taller than what is shown of it at once. */
const isLong = (value: unknown) => JSON.stringify(value).length > 400;

/** Text as text; turns of a conversation as turns; the rest as JSON. */
function Value({ value }: { value: unknown }) {
  if (typeof value === 'string')
    return value === '' ? <code className="faint">{JSON.stringify(value)}</code> : <span className="verbatim">{value}</span>;
  if (isTurns(value))
    return (
      <div className="stack gap-2">
        {value.map((turn, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- turns have no other name than their place
          <div key={index}>
            <code className="faint">{turn.role ?? turn.from}</code>
            <div className="verbatim">{turn.content ?? turn.value}</div>
          </div>
        ))}
      </div>
    );
  return <code className="verbatim">{JSON.stringify(value, null, typeof value === 'object' && value !== null ? 2 : 0)}</code>;
}

type Turn = { role?: string; content?: string; from?: string; value?: string };
const isTurns = (value: unknown): value is Turn[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (turn: Turn | null) =>
      typeof turn === 'object' && typeof (turn?.role ?? turn?.from) === 'string' && typeof (turn?.content ?? turn?.value) === 'string',
  );

function Columns({ format }: { format: Format }) {
  const t = useT();
  return (
    <Section title={t('formats.columns')}>
      <dl className="format-columns" lang="en">
        {format.columns.map(({ name, meaning }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <CodeText text={meaning} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

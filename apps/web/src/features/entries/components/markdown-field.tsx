import { useState, type ReactNode } from 'react';
import { SegmentedControl } from '../../../components/choice.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

type Props = {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  value: string;
  max: number;
  lang: string;
  rows: number;
  placeholder?: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
};

/** A text in Markdown with its preview: beside it where there is room, behind a switch on a phone. */
export function MarkdownField({ label, hint, error, value, max, lang, rows, placeholder, onChange, onBlur }: Props) {
  const t = useT();
  const [view, setView] = useState<'write' | 'preview'>('write');
  return (
    <div className="markdown-field" data-view={view}>
      <div className="markdown-field-switch only-on-phone">
        <SegmentedControl
          legend={t('entries.preview.switch', { label })}
          hideLegend
          value={view}
          onChange={setView}
          options={[
            { value: 'write', label: t('entries.preview.write') },
            { value: 'preview', label: t('entries.preview.read') },
          ]}
        />
      </div>
      <div className="markdown-field-write">
        <Field label={label} hint={hint} error={error} counter={{ length: value.length, max }}>
          <TextArea
            look="prose"
            lang={lang}
            rows={rows}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            onBlur={onBlur}
          />
        </Field>
      </div>
      <section className="markdown-field-preview" aria-label={t('entries.preview.of', { label })}>
        <div className="kicker">{t('entries.preview.title')}</div>
        {value.trim() === '' ? <p className="small faint">{t('entries.preview.empty')}</p> : <Markdown text={value} lang={lang} />}
      </section>
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { BookOpen } from 'lucide-react';
import { Link } from 'react-router';
import type { Dataset, SnapshotRow } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/code-block.tsx';
import { CorpusText } from '../../../components/source/corpus-text.tsx';
import { SourceSwitch } from '../../../components/source/source-switch.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { SinceNotice } from './since.tsx';
import './rows.css';

/** The texts of a row as the snapshot holds them. */
export function RowView({ row, number, dataset }: { row: SnapshotRow; number: number; dataset: Dataset }) {
  const t = useT();
  const { since, ...record } = row;
  return (
    <div className="stack gap-5">
      <SinceNotice since={since} />
      <RowText label={t('rows.instruction')} text={row.instruction} lang={row.language} />
      {row.context !== '' && <RowText label={t('rows.context')} text={row.context} lang={row.language} quoted />}
      <RowText label={t('rows.response')} text={row.response} lang={row.language} />
      <div className="cluster gap-2">
        <SourceSwitch />
        <LinkButton size="small" icon={<BookOpen aria-hidden />} to={paths.entry.to(row.id)}>
          {t('rows.entry')}
        </LinkButton>
        <CopyButton text={row.id} label={t('rows.copyId')} />
        <CopyButton text={JSON.stringify(record, null, 2)} label={t('rows.copyJson')} />
      </div>
      <OtherSnapshots slug={dataset.slug} number={number} id={row.id} />
    </div>
  );
}

function RowText({ label, text, lang, quoted = false }: { label: string; text: string; lang: string; quoted?: boolean }) {
  return (
    <section className="stack gap-2" aria-label={label}>
      <div className="kicker">{label}</div>
      <div className={quoted ? 'row-text row-quoted' : 'row-text'} lang={lang} dir="auto">
        <CorpusText text={text} />
      </div>
    </section>
  );
}

/** Where else the row was published: the texts there may be others. */
function OtherSnapshots({ slug, number, id }: { slug: string; number: number; id: string }) {
  const t = useT();
  const { data } = useQuery(apiQuery(endpoints.snapshotRows.find, { params: { slug, id } }));
  const others = data?.snapshots.filter((each) => each !== number) ?? [];
  if (others.length === 0) return null;
  return (
    <p className="small soft">
      {t('rows.alsoIn')}{' '}
      {others.map((each, index) => (
        <span key={each}>
          {index > 0 && ', '}
          <Link to={paths.row.to(slug, each, id)}>{t('rows.snapshot', { number: each })}</Link>
        </span>
      ))}
    </p>
  );
}

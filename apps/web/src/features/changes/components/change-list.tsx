import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { changeKinds, changeReasons, type Dataset, type FullRecord, type SnapshotChange } from '@granary/contract';
import { SegmentedControl } from '../../../components/choice.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { TextDiff } from '../../../components/diff/text-diff.tsx';
import { DateText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './changes.css';

type Kind = (typeof changeKinds)[number];
const tones: Record<Kind, Tone> = { added: 'positive', edited: 'info', retracted: 'critical', removed: 'warning' };
type Props = { dataset: Dataset; number: number; since: number; kind: Kind | null; onKind: (kind: Kind | null) => void };

/** The rows that differ, of all kinds or one, with how many there are of each. */
export function ChangeList({ dataset, number, since, kind, onKind }: Props) {
  const t = useT();
  const locale = useLocale();
  const query = useInfiniteQuery(
    apiPages(endpoints.snapshotChanges.list, {
      params: { slug: dataset.slug, number },
      query: { since, ...(kind === null ? {} : { change: kind }) },
    }),
  );
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const counts = query.data.pages[0]?.counts ?? { added: 0, edited: 0, retracted: 0, removed: 0 };
  const all = changeKinds.reduce((sum, each) => sum + counts[each], 0);
  const changes = flatPages<SnapshotChange>(query.data);
  return (
    <>
      <SegmentedControl
        legend={t('changes.kind')}
        hideLegend
        value={kind ?? 'all'}
        onChange={(next) => onKind(next === 'all' ? null : next)}
        options={[
          { value: 'all' as const, label: t('changes.all', { n: formatNumber(locale, all) }) },
          ...changeKinds.map((value) => ({ value, label: t(`changes.count.${value}`, { n: formatNumber(locale, counts[value]) }) })),
        ]}
      />
      {changes.length === 0 ? (
        <EmptyState title={t('changes.none.title')}>{t('changes.none.text')}</EmptyState>
      ) : (
        <>
          <ol className="changes" aria-label={t('changes.list')}>
            {changes.map((change) => (
              <Change key={change.id} change={change} dataset={dataset} number={number} since={since} />
            ))}
          </ol>
          <LoadMore shown={changes.length} {...query} />
        </>
      )}
    </>
  );
}

type ChangeProps = { change: SnapshotChange; dataset: Dataset; number: number; since: number };

function Change({ change, dataset, number, since }: ChangeProps) {
  const t = useT();
  const { row, previous } = change;
  const shown = row ?? previous;
  if (shown === null) return null;
  return (
    <li className="change">
      <div className="change-margin">
        <StatusBadge tone={tones[change.change]}>{t(`changes.${change.change}`)}</StatusBadge>
        <span>{dataset.categories.find(({ slug }) => slug === shown.category)?.title ?? shown.category}</span>
        {change.at !== null && <DateText iso={change.at} />}
        <Link className="small" to={paths.row.to(dataset.slug, row === null ? since : number, change.id)}>
          {t('changes.row')}
        </Link>
      </div>
      <div className="change-text">
        {change.reason !== null && (
          <p>
            <span className="faint">{t('changes.reason')}</span> <Reason reason={change.reason} />
          </p>
        )}
        {row !== null && previous !== null ? <Edited row={row} previous={previous} /> : <Texts record={shown} gone={row === null} />}
      </div>
    </li>
  );
}

/** Reasons that nobody wrote are slugs, which have their words here; the others stand as they were written. */
function Reason({ reason }: { reason: string }) {
  const t = useT();
  const slug = changeReasons.find((each) => each === reason);
  return <span dir="auto">{slug === undefined ? reason : t(`changes.reason.${slug}`)}</span>;
}

/** What differs in the texts, word by word; a row may also have changed in what is known of it. */
function Edited({ row, previous }: { row: FullRecord; previous: FullRecord }) {
  const t = useT();
  const parts = (['instruction', 'context', 'response'] as const).filter((part) => row[part] !== previous[part]);
  return (
    <>
      {parts.includes('instruction') || (
        <h2 dir="auto" lang={row.language}>
          {row.instruction}
        </h2>
      )}
      {parts.map((part) => (
        <section key={part} className="stack gap-1" aria-label={t(`changes.part.${part}`)}>
          <div className="kicker">{t(`changes.part.${part}`)}</div>
          <TextDiff before={previous[part]} after={row[part]} lang={row.language} />
        </section>
      ))}
      {parts.length === 0 && <p className="soft">{t('changes.sameText')}</p>}
    </>
  );
}

function Texts({ record, gone }: { record: FullRecord; gone: boolean }) {
  const t = useT();
  return (
    <>
      {gone && <span className="visually-hidden">{t('changes.was')}</span>}
      <h2 dir="auto" lang={record.language}>
        {record.instruction}
      </h2>
      {record.context !== '' && (
        <p className="change-context small" dir="auto" lang={record.language}>
          {record.context}
        </p>
      )}
      <p className="change-response" dir="auto" lang={record.language}>
        {record.response}
      </p>
    </>
  );
}

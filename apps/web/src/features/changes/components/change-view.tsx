import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { changeKinds, type Dataset, type Snapshot } from '@granary/contract';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Select } from '../../../components/field.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { apiUrl, endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { ChangeList } from './change-list.tsx';
import './changes.css';

const snapshotsMost = 100;
type Props = {
  dataset: Dataset;
  snapshot: Snapshot;
  /** Another snapshot was chosen as the later one. */ onLater: (number: number, since: number) => void;
};

/** What changed from one snapshot to a later one. The address names both, and the kind of change that is looked at. */
export function ChangeView({ dataset, snapshot, onLater }: Props) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(apiQuery(endpoints.snapshots.list, { params: { slug: dataset.slug }, query: { limit: snapshotsMost } }));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const numbers = query.data.items.filter(({ status }) => status === 'published').map(({ number }) => number);
  const earlier = numbers.filter((number) => number < snapshot.number);
  const asked = Number(search.get('since'));
  const since = asked >= 1 && asked < snapshot.number ? asked : earlier[0];
  if (since === undefined) return <EmptyState title={t('changes.first.title')}>{t('changes.first.text')}</EmptyState>;
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  const kind = changeKinds.find((each) => each === search.get('change')) ?? null;
  return (
    <div className="stack gap-5">
      <div className="change-pick">
        <Field label={t('changes.from')}>
          <Select value={since} onChange={(event) => set('since', event.target.value)}>
            {[...new Set([since, ...earlier])]
              .sort((a, b) => b - a)
              .map((number) => (
                <option key={number} value={number}>
                  {t('changes.snapshot', { number })}
                </option>
              ))}
          </Select>
        </Field>
        <Field label={t('changes.to')}>
          <Select value={snapshot.number} onChange={(event) => onLater(Number(event.target.value), since)}>
            {numbers
              .filter((number) => number > since)
              .map((number) => (
                <option key={number} value={number}>
                  {t('changes.snapshot', { number })}
                </option>
              ))}
          </Select>
        </Field>
        <a
          className="button button-secondary"
          href={apiUrl(endpoints.snapshotChanges.file, { params: { slug: dataset.slug, number: snapshot.number }, query: { since } })}
          download
        >
          <Download aria-hidden />
          {t('changes.download')}
        </a>
      </div>
      <ChangeList
        key={`${since}-${snapshot.number}`}
        dataset={dataset}
        number={snapshot.number}
        since={since}
        kind={kind}
        onKind={(next) => set('change', next ?? '')}
      />
    </div>
  );
}

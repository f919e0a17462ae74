import { useQuery } from '@tanstack/react-query';
import { Rss } from 'lucide-react';
import { useLocation, useNavigate, useParams } from 'react-router';
import type { Dataset, Snapshot } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { ChangeView } from '../../features/changes/components/change-view.tsx';
import { FormatPreview } from '../../features/formats/components/format-preview.tsx';
import { FindRowForm } from '../../features/rows/components/find-row-form.tsx';
import { ReportForm } from '../../features/rows/components/report-form.tsx';
import { RowFacts } from '../../features/rows/components/row-facts.tsx';
import { RowFilters } from '../../features/rows/components/row-filters.tsx';
import { RowList } from '../../features/rows/components/row-list.tsx';
import { RowSearch } from '../../features/rows/components/row-search.tsx';
import { RowSteps } from '../../features/rows/components/row-steps.tsx';
import { RowView } from '../../features/rows/components/row-view.tsx';
import { useRowFilters } from '../../features/rows/use-row-filters.ts';
import { SnapshotList } from '../../features/snapshots/components/snapshot-list.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import { PageError } from './page-error.tsx';
import { SnapshotOverview } from './snapshot-overview.tsx';
import { WithDataset } from './with-dataset.tsx';
import { SnapshotHeader, WithSnapshot } from './with-snapshot.tsx';

type OfSnapshot = { snapshot: Snapshot; dataset: Dataset };

/** One snapshot: how to load it, what is in it, its files and checksums. */
export function SnapshotPage() {
  return <WithSnapshot>{(snapshot, dataset) => <SnapshotOverview snapshot={snapshot} dataset={dataset} />}</WithSnapshot>;
}

/** The snapshots of a dataset. */
export function SnapshotsPage() {
  const t = useT();
  const { slug = '' } = useParams();
  const { can } = useSession();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <>
          <PageHeader
            title={t('snapshots.page')}
            kicker={dataset.title}
            standfirst={t('snapshots.standfirst')}
            actions={
              <>
                <a className="button button-quiet" href={paths.snapshotFeed.to(slug)}>
                  <Rss aria-hidden />
                  {t('snapshots.feed')}
                </a>
                <LinkButton to={paths.dataset.to(slug)}>{t('snapshots.dataset')}</LinkButton>
                {can('snapshots:publish') && (
                  <LinkButton variant="primary" to={paths.publish.to(slug)}>
                    {t('snapshots.publish')}
                  </LinkButton>
                )}
              </>
            }
          />
          <SnapshotList slug={slug} />
        </>
      )}
    </WithDataset>
  );
}

/** The rows of a snapshot, for whoever wants to know what is in it; search, filters and sample stand in the address. */
export function RowsPage() {
  return <WithSnapshot>{(snapshot, dataset) => <Rows snapshot={snapshot} dataset={dataset} />}</WithSnapshot>;
}

function Rows({ snapshot, dataset }: OfSnapshot) {
  const t = useT();
  const state = useRowFilters();
  return (
    <>
      <SnapshotHeader snapshot={snapshot} dataset={dataset} title={t('rows.title')} />
      <div className="stack gap-5">
        <RowSearch {...state} />
        <RowFilters {...state} dataset={dataset} />
        {state.seed !== null && <p className="small soft measure">{t('rows.sample.note')}</p>}
        <RowList {...state} dataset={dataset} number={snapshot.number} total={snapshot.counts?.pairs ?? null} />
      </div>
    </>
  );
}

/** One row as a snapshot holds it, where it comes from, and how to report it. */
export function RowPage() {
  return <WithSnapshot>{(snapshot, dataset) => <Row snapshot={snapshot} dataset={dataset} />}</WithSnapshot>;
}

function Row({ snapshot, dataset }: OfSnapshot) {
  const t = useT();
  const { id = '' } = useParams();
  const { state } = useLocation() as { state: { rows?: string } | null };
  const { number } = snapshot;
  const { slug } = dataset;
  const query = useQuery(apiQuery(endpoints.snapshotRows.get, { params: { slug, number, id } }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <PageError error={query.error} onRetry={query.refetch} />;
  return (
    <>
      <SnapshotHeader
        snapshot={snapshot}
        dataset={dataset}
        title={t('rows.row')}
        actions={<LinkButton to={`${paths.rows.to(slug, number)}${state?.rows ? `?${state.rows}` : ''}`}>{t('rows.back')}</LinkButton>}
      />
      <RowSteps slug={slug} number={number} id={id} address={state?.rows ?? ''} />
      <div className="row-page">
        <RowView row={query.data} number={number} dataset={dataset} />
        <aside className="stack" aria-label={t('rows.facts')}>
          <div className="kicker">{t('rows.facts')}</div>
          <RowFacts row={query.data} dataset={dataset} />
        </aside>
        <Section title={t('rows.report.title')}>
          <ReportForm key={`${number}/${id}`} slug={slug} number={number} id={id} />
        </Section>
      </div>
    </>
  );
}

/** For those who met a row in their training data: from its id to its page and its report. */
export function FindRowPage() {
  const t = useT();
  return (
    <>
      <PageHeader title={t('rows.find.title')} standfirst={t('rows.find.standfirst')} />
      <FindRowForm />
    </>
  );
}

/** A snapshot in every format there is. */
export function FormatsPage() {
  return <WithSnapshot>{(snapshot, dataset) => <Formats snapshot={snapshot} dataset={dataset} />}</WithSnapshot>;
}

function Formats({ snapshot, dataset }: OfSnapshot) {
  const t = useT();
  const state = useRowFilters();
  return (
    <>
      <SnapshotHeader snapshot={snapshot} dataset={dataset} title={t('formats.title')} />
      <FormatPreview
        slug={dataset.slug}
        number={snapshot.number}
        filters={state.filters}
        filterFields={<RowFilters {...state} dataset={dataset} />}
      />
    </>
  );
}

/** What changed between two snapshots. */
export function ChangesPage() {
  return <WithSnapshot>{(snapshot, dataset) => <Changes snapshot={snapshot} dataset={dataset} />}</WithSnapshot>;
}

function Changes({ snapshot, dataset }: OfSnapshot) {
  const t = useT();
  const navigate = useNavigate();
  return (
    <>
      <SnapshotHeader snapshot={snapshot} dataset={dataset} title={t('changes.title')} />
      <ChangeView
        dataset={dataset}
        snapshot={snapshot}
        onLater={(number, since) => void navigate(paths.changes.to(dataset.slug, number, { since: String(since) }))}
      />
    </>
  );
}

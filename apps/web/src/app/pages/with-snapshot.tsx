import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Dataset, Snapshot } from '@granary/contract';
import { PageHeader } from '../../components/page-header.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { SnapshotNav } from '../../features/snapshots/components/snapshot-nav.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { PageError } from './page-error.tsx';
import { WithDataset } from './with-dataset.tsx';

/** Loads the snapshot named in the address and its dataset. */
export function WithSnapshot({ children }: { children: (snapshot: Snapshot, dataset: Dataset) => ReactNode }) {
  const { slug = '', number = '' } = useParams();
  return (
    <WithDataset slug={slug}>
      {(dataset) => (
        <LoadSnapshot slug={slug} number={number}>
          {(snapshot) => children(snapshot, dataset)}
        </LoadSnapshot>
      )}
    </WithDataset>
  );
}

function LoadSnapshot({ slug, number, children }: { slug: string; number: string; children: (snapshot: Snapshot) => ReactNode }) {
  // What is no number is no snapshot; the server says so.
  const query = useQuery(apiQuery(endpoints.snapshots.get, { params: { slug, number } }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <PageError error={query.error} onRetry={query.refetch} />;
  return children(query.data);
}

type HeaderProps = {
  snapshot: Snapshot;
  dataset: Dataset;
  /** The page below the snapshot's own. */ title?: string;
  standfirst?: string;
  actions?: ReactNode;
};

/** The head of a snapshot's pages: which one it is, and the others beside this one. */
export function SnapshotHeader({ snapshot, dataset, title, standfirst, actions }: HeaderProps) {
  const t = useT();
  const name = t('snapshots.title', { number: snapshot.number });
  return (
    <>
      <PageHeader
        title={title === undefined ? name : `${name}: ${title}`}
        kicker={<Link to={paths.snapshots.to(dataset.slug)}>{dataset.title}</Link>}
        standfirst={standfirst}
        actions={actions}
      />
      {snapshot.status === 'published' && <SnapshotNav slug={dataset.slug} number={snapshot.number} />}
    </>
  );
}

import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Dataset, EntryPage } from '@granary/contract';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { PageError } from './page-error.tsx';

/** Loads the dataset that a page is about. */
export function WithDataset({ slug, children }: { slug: string; children: (dataset: Dataset) => ReactNode }) {
  const query = useQuery(apiQuery(endpoints.datasets.get, { params: { slug } }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <PageError error={query.error} onRetry={query.refetch} />;
  return children(query.data);
}

/** Loads the entry named in the address and its dataset. */
export function WithEntry({ children }: { children: (page: EntryPage, dataset: Dataset) => ReactNode }) {
  const { id = '' } = useParams();
  const query = useQuery(apiQuery(endpoints.entries.get, { params: { id } }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <PageError error={query.error} onRetry={query.refetch} />;
  const page = query.data;
  return <WithDataset slug={page.entry.datasetSlug}>{(dataset) => children(page, dataset)}</WithDataset>;
}

import { useInfiniteQuery } from '@tanstack/react-query';
import type { SnapshotRow } from '@granary/contract';
import { apiPages, flatPages } from '../../lib/api-query.ts';
import { endpoints } from '../../lib/api.ts';
import type { RowQuery } from './use-row-filters.ts';

/** The rows of a snapshot that an address asks for, page by page; who comes from the list has them already. */
export function useRowPages(slug: string, number: number, { filters, q, seed }: RowQuery) {
  const query = useInfiniteQuery(
    apiPages(endpoints.snapshotRows.list, {
      params: { slug, number },
      query: { ...filters, ...(q === '' ? {} : { q }), ...(seed === null ? {} : { seed }) },
    }),
  );
  return { ...query, rows: flatPages<SnapshotRow>(query.data) };
}

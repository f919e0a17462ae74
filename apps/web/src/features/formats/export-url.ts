import { apiUrl, endpoints } from '../../lib/api.ts';

export type ExportQuery = Record<string, string | number | string[] | undefined>;

/** Address of a snapshot in a format: filters and the format's options go into the query. */
export function exportUrl(slug: string, number: number, query: ExportQuery): string {
  return apiUrl(endpoints.snapshotExports.get, { params: { slug, number }, query: query as never });
}

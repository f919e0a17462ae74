import type { Problem } from '@granary/contract';
import { apiUrl, endpoints, NetworkError } from '../../lib/api.ts';
import { ApiError } from '../../lib/api-error.ts';

export type ExportQuery = Record<string, string | number | string[] | undefined>;

/** Address of a snapshot in a format: filters and the format's options go into the query. */
export function exportUrl(slug: string, number: number, query: ExportQuery): string {
  return apiUrl(endpoints.snapshotExports.get, { params: { slug, number }, query: query as never });
}

/** The first rows of a snapshot in a format, as the file has them: a line of JSON each. Throws ApiError and NetworkError. */
export async function fetchRows(url: string, signal: AbortSignal): Promise<string[]> {
  let response: Response;
  try {
    response = await fetch(url, { signal, credentials: 'same-origin' });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new NetworkError('The server did not answer.', { cause: error });
  }
  if (!response.ok) throw new ApiError((await response.json()) as Problem);
  const text = await response.text();
  return text.split('\n').filter((line) => line !== '');
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Selection } from '@granary/contract';
import { callApi, endpoints } from '../../lib/api.ts';
import { useSettled } from '../../lib/use-settled.ts';

const settleMs = 250;

/** How many pairs a selection holds, asked again as it changes; meanwhile the last answer stays. */
export function useSelectionSize(slug: string, selection: Selection) {
  const text = JSON.stringify(selection);
  const settled = useSettled(text, settleMs);
  const query = useQuery({
    queryKey: [endpoints.snapshots.preview.path, slug, settled],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      callApi(endpoints.snapshots.preview, { params: { slug }, body: { selection: JSON.parse(settled) as Selection }, signal }),
  });
  return { ...query, stale: settled !== text || query.isPlaceholderData };
}

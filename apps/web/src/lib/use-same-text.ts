import { useQuery } from '@tanstack/react-query';
import type { SameText } from '@granary/contract';
import { callApi, endpoints } from './api.ts';
import { useSettled } from './use-settled.ts';

type Wanted = { datasetSlug: string; text: string; context?: string; parentId?: string; except?: string };
const settleMs = 700;
const leastLength = 8;

/** The entry that says the same as a text, asked for when the text has settled; null while there is none, or it cannot be told. */
export function useSameText(wanted: Wanted): SameText | null {
  const text = JSON.stringify(wanted);
  const settled = useSettled(text, settleMs);
  const { datasetSlug: slug, ...body } = JSON.parse(settled) as Wanted;
  const { data } = useQuery({
    queryKey: [endpoints.entries.findSame.path, settled],
    enabled: body.text.trim().length >= leastLength,
    retry: false,
    queryFn: ({ signal }) => callApi(endpoints.entries.findSame, { params: { slug }, body, signal }),
  });
  return settled === text && wanted.text.trim().length >= leastLength ? (data?.found ?? null) : null;
}

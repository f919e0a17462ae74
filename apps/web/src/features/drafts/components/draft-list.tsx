import { useMemo } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import type { DraftContent } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { useConfirm } from '../../../components/confirm.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { toast } from '../../../components/toast.tsx';
import { paths } from '../../../config/paths.ts';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { browserStorage } from '../../../lib/browser-storage.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { draftKey, isBlank, readLocalDraft, type LocalDraft } from '../draft-keeper.ts';
import './draft-status.css';

type Row = { id: string; datasetSlug: string; content: DraftContent; updatedAt: string; onlyHere: boolean };

/** All drafts: the server's, and those that only this browser has. */
export function DraftList() {
  const t = useT();
  const client = useQueryClient();
  const confirm = useConfirm();
  const options = apiQuery(endpoints.drafts.list);
  const query = useQuery(options);
  const rows = useMemo(() => merge(query.data?.items ?? [], readAllLocal()), [query.data]);

  async function remove(row: Row) {
    if (
      !(await confirm({
        title: t('drafts.remove.title'),
        body: t('drafts.remove.text'),
        confirmLabel: t('drafts.remove.confirm'),
        danger: true,
      }))
    )
      return;
    try {
      await callApi(endpoints.drafts.remove, { params: { id: row.id } });
    } catch (error) {
      if (!isApiError(error, 'not_found')) return toast({ tone: 'critical', text: error instanceof Error ? error.message : String(error) });
    }
    browserStorage.set(draftKey(row.id), null);
    await client.invalidateQueries({ queryKey: options.queryKey });
    toast({ text: t('drafts.remove.done') });
  }

  if (query.isPending) return <ListSkeleton />;
  if (query.isError && rows.length === 0) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (rows.length === 0) {
    return (
      <EmptyState
        title={t('drafts.list.empty.title')}
        action={
          <LinkButton variant="primary" to={paths.contribute.to()}>
            {t('drafts.list.empty.action')}
          </LinkButton>
        }
      >
        {t('drafts.list.empty.text')}
      </EmptyState>
    );
  }
  return (
    <ul className="draft-list">
      {rows.map((row) => (
        <li key={row.id} className="draft-row">
          <p className="draft-title" dir="auto" lang={row.content.language}>
            {row.content.instruction.trim() || row.content.response.trim() || t('drafts.list.untitled')}
          </p>
          <p className="small faint">{row.onlyHere ? t('drafts.list.onlyHere') : <RelativeTime iso={row.updatedAt} />}</p>
          <div className="cluster gap-2">
            <LinkButton size="small" to={addressOf(row)}>
              {t('drafts.list.continue')}
            </LinkButton>
            <Button size="small" variant="quiet" icon={<Trash2 aria-hidden />} onClick={() => void remove(row)}>
              {t('drafts.list.remove')}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The page a draft is continued on. */
function addressOf({ id, datasetSlug, content }: Row): string {
  const draft = `?draft=${id}`;
  if (content.entryId !== null) return paths.editEntry.to(content.entryId) + draft;
  if (content.parentId === null) return paths.write.to(datasetSlug, { category: content.category, draft: id });
  return (content.kind === 'response' ? paths.respond.to(content.parentId) : paths.followUp.to(content.parentId)) + draft;
}

function merge(saved: readonly Omit<Row, 'onlyHere'>[], local: readonly LocalDraft[]): Row[] {
  const here = new Map(local.map((draft) => [draft.id, draft]));
  const rows = saved.map(({ id, datasetSlug, content, updatedAt }) => {
    const own = here.get(id);
    here.delete(id);
    return own?.dirty ? { ...own, onlyHere: false } : { id, datasetSlug, content, updatedAt, onlyHere: false };
  });
  const others = [...here.values()]
    .filter((draft) => draft.dirty && !isBlank(draft.content))
    .map((draft) => ({ ...draft, onlyHere: true }));
  return [...rows, ...others].toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}

function readAllLocal(): LocalDraft[] {
  const ids = browserStorage.keys().flatMap((key) => (key.startsWith(draftKey('')) ? [key.slice(draftKey('').length)] : []));
  return ids.map((id) => readLocalDraft(browserStorage, id)).filter((draft) => draft !== null);
}

import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';
import type { Dataset, Draft, DraftContent } from '@granary/contract';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { DraftStatus } from '../../features/drafts/components/draft-status.tsx';
import { newDraftId } from '../../features/drafts/draft-id.ts';
import { readLocalDraft, type LocalDraft } from '../../features/drafts/draft-keeper.ts';
import { blankContent, useDraft } from '../../features/drafts/use-draft.ts';
import { ContributionForm } from '../../features/entries/components/contribution-form.tsx';
import { GuidelineAside } from '../../features/entries/components/guideline-aside.tsx';
import { startContent, type ContributionTask } from '../../features/entries/contribution-content.ts';
import type { Submitted } from '../../features/entries/use-submit.ts';
import { callApi, endpoints, isApiError } from '../../lib/api.ts';
import { browserStorage } from '../../lib/browser-storage.ts';
import { useLocale } from '../../lib/i18n/locale.ts';
import { useSession } from '../../lib/session.ts';

/** Nobody sees it before something was handed in. */
const SubmittedPanel = lazy(() => import('../../features/entries/components/submitted-panel.tsx'));

type Props = {
  dataset: Dataset;
  task: ContributionTask;
  title: string;
  kicker?: ReactNode;
  /** What is answered or followed up, above the form. */
  above?: ReactNode;
  category?: string;
  /** Lets the category be changed, where it may be. */
  categoryChoice?: (category: string, choose: (category: string) => void) => ReactNode;
};

/**
 * A form with its draft. The draft's id stands in the address, so that a reload, another tab or another device finds the
 * same words again.
 */
export function ContributionWorkspace(props: Props) {
  const [search, setSearch] = useSearchParams();
  const named = search.get('draft');
  // A draft begun here needs no looking up once its id appears in the address: the form must not blink while somebody types.
  const [begunHere, setBegunHere] = useState(newDraftId);
  const draftId = named ?? begunHere;
  const continued = named !== null && named !== begunHere;
  const known = useQuery({
    queryKey: ['draft-to-continue', named],
    enabled: continued,
    staleTime: Infinity,
    queryFn: () => findDraft(named ?? ''),
  });
  if (continued && known.isPending) return <Skeleton lines={6} prose />;
  if (known.isError) return <ErrorState error={known.error} onRetry={known.refetch} />;
  function another() {
    setBegunHere(newDraftId());
    setSearch(
      (before) => {
        before.delete('draft');
        return before;
      },
      { replace: true },
    );
  }
  return <Editor key={draftId} {...props} draftId={draftId} stored={continued ? (known.data ?? null) : null} onAnother={another} />;
}

/** The server's copy of a draft, when there is one to be had; the browser's copy makes it unnecessary. */
async function findDraft(id: string): Promise<Draft | null> {
  try {
    return await callApi(endpoints.drafts.get, { params: { id }, whenSessionLost: 'throw' });
  } catch (error) {
    if (
      readLocalDraft(browserStorage, id) !== null ||
      isApiError(error, 'not_found', 'not_signed_in', 'session_expired', 'session_revoked')
    )
      return null;
    throw error;
  }
}

function Editor({
  dataset,
  task,
  title,
  kicker,
  above,
  category,
  categoryChoice,
  draftId,
  stored,
  onAnother,
}: Props & { draftId: string; stored: Draft | null; onAnother: () => void }) {
  const { user } = useSession();
  const locale = useLocale();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [submitted, setSubmitted] = useState<Submitted | null>(null);
  const start = useMemo<LocalDraft>(() => {
    if (stored !== null)
      return {
        id: draftId,
        datasetSlug: stored.datasetSlug,
        content: stored.content,
        baseVersion: stored.version,
        dirty: false,
        updatedAt: stored.updatedAt,
      };
    const content = startContent(task, dataset, { category, language: user?.languages[0] ?? locale }, blankContent);
    return { id: draftId, datasetSlug: dataset.slug, content, baseVersion: 0, dirty: false, updatedAt: new Date().toISOString() };
    // The draft begins once per id; what is typed afterwards lives in its keeper.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [draftId]);
  const handle = useDraft(start, user !== null);
  const { content } = handle.draft;
  const chosen = dataset.categories.find(({ slug }) => slug === content.category);

  function change(changes: Partial<DraftContent>) {
    handle.change({ ...content, ...changes });
    if (search.get('draft') === draftId) return;
    setSearch(
      (before) => {
        before.set('draft', draftId);
        return before;
      },
      { replace: true },
    );
  }
  function done(result: Submitted) {
    handle.forget();
    setSubmitted(result);
  }
  if (submitted !== null) {
    return (
      <>
        <PageHeader title={title} kicker={kicker} />
        <Suspense fallback={<Skeleton lines={4} />}>
          <SubmittedPanel
            submitted={submitted}
            dataset={dataset}
            edited={task.kind === 'edit'}
            proposed={task.kind === 'edit' && task.proposed === true}
            onAnother={task.kind === 'new' ? onAnother : null}
          />
        </Suspense>
      </>
    );
  }
  return (
    <>
      <PageHeader title={title} kicker={kicker} />
      <div className="with-aside">
        <div className="stack gap-5">
          {above}
          {categoryChoice?.(content.category, (next) => change({ category: next }))}
          <ContributionForm
            dataset={dataset}
            task={task}
            content={content}
            onChange={change}
            draftId={draftId}
            draftStatus={<DraftStatus handle={handle} signedIn={user !== null} />}
            beforeSubmit={handle.flush}
            onSubmitted={done}
            onSignIn={() => void navigate(paths.signIn.to({ next: `${location.pathname}${location.search}` }))}
          />
        </div>
        <GuidelineAside dataset={dataset} category={chosen} />
      </div>
    </>
  );
}

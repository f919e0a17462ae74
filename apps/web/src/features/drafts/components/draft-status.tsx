import { lazy, Suspense } from 'react';
import { Check, CloudOff, LoaderCircle } from 'lucide-react';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { DraftHandle } from '../use-draft.ts';
import './draft-status.css';

/** Only who writes in two places at once ever sees it. */
const DraftConflict = lazy(() => import('./draft-conflict.tsx'));

/** Says where the words are: on the server, in this browser, or in two versions. */
export function DraftStatus({ handle, signedIn }: { handle: DraftHandle; signedIn: boolean }) {
  const t = useT();
  const { status: kept, theirs } = handle.draft;
  // Nobody is signed in: nothing is on its way to the server.
  const status = kept === 'saving' && !signedIn ? 'local' : kept;
  if (kept === 'conflict' && theirs !== null)
    return (
      <Suspense fallback={null}>
        <DraftConflict handle={handle} />
      </Suspense>
    );
  return (
    <div className="draft-status">
      {status === 'saving' && <LoaderCircle aria-hidden />}
      {status === 'saved' && <Check aria-hidden />}
      {status === 'local' && <CloudOff aria-hidden />}
      <span>{status === 'local' && !signedIn ? t('drafts.status.stranger') : t(`drafts.status.${status}`)}</span>
    </div>
  );
}

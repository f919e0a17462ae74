import { EntryAbove } from '../../features/entries/components/entry-above.tsx';
import { ReviewerNotes } from '../../features/entries/components/reviewer-notes.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { ContributionWorkspace } from './contribution-workspace.tsx';
import { WithEntry } from './with-dataset.tsx';

/** Proposes an edit of somebody else's entry; its author or a moderator takes it over or not. */
export default function ProposePage() {
  const t = useT();
  return (
    <WithEntry>
      {({ entry, path, reviews }, dataset) => {
        const parent = path.at(-1) ?? null;
        const joint = parent !== null && parent.reviewedWithId === entry.id && parent.status !== 'approved' ? parent : null;
        return (
          <ContributionWorkspace
            dataset={dataset}
            task={{ kind: 'edit', entry, instruction: joint, proposed: true }}
            title={t('app.propose.title')}
            kicker={dataset.title}
            above={
              <>
                <ReviewerNotes reviews={reviews.filter((review) => review.revisionNumber === entry.revision.number)} />
                <EntryAbove entries={joint === null ? path : path.slice(0, -1)} />
              </>
            }
          />
        );
      }}
    </WithEntry>
  );
}

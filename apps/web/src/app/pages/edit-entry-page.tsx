import { EntryAbove } from '../../features/entries/components/entry-above.tsx';
import { ReviewerNotes } from '../../features/entries/components/reviewer-notes.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { ContributionWorkspace } from './contribution-workspace.tsx';
import { WithEntry } from './with-dataset.tsx';

/** Edits an entry: adds a revision. A pair that was handed in together and is not decided apart is edited together. */
export default function EditEntryPage() {
  const t = useT();
  return (
    <WithEntry>
      {({ entry, path, reviews }, dataset) => {
        const parent = path.at(-1) ?? null;
        const joint = parent !== null && parent.reviewedWithId === entry.id && parent.status !== 'approved' ? parent : null;
        return (
          <ContributionWorkspace
            dataset={dataset}
            task={{ kind: 'edit', entry, instruction: joint }}
            title={t('app.edit.title')}
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

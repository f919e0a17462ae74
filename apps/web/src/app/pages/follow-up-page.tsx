import { useT } from '../../lib/i18n/i18n.ts';
import { EntryAbove } from '../../features/entries/components/entry-above.tsx';
import { ContributionWorkspace } from './contribution-workspace.tsx';
import { WithEntry } from './with-dataset.tsx';

/** Writes the next turn of a conversation, under a response. */
export default function FollowUpPage() {
  const t = useT();
  return (
    <WithEntry>
      {({ entry, path }, dataset) => (
        <ContributionWorkspace
          dataset={dataset}
          task={{ kind: 'follow-up', response: entry }}
          title={t('app.follow-up.title')}
          kicker={dataset.title}
          above={<EntryAbove entries={[...path, entry]} />}
        />
      )}
    </WithEntry>
  );
}

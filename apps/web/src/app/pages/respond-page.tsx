import { useT } from '../../lib/i18n/i18n.ts';
import { EntryAbove } from '../../features/entries/components/entry-above.tsx';
import { ContributionWorkspace } from './contribution-workspace.tsx';
import { WithEntry } from './with-dataset.tsx';

/** Answers an open instruction, or writes an alternative to an answered one. */
export default function RespondPage() {
  const t = useT();
  return (
    <WithEntry>
      {({ entry, path, children }, dataset) => (
        <ContributionWorkspace
          dataset={dataset}
          task={{ kind: 'respond', instruction: entry }}
          title={t(children.length === 0 ? 'app.respond.title' : 'app.respond.alternative')}
          kicker={dataset.title}
          above={<EntryAbove entries={[...path, entry]} />}
        />
      )}
    </WithEntry>
  );
}

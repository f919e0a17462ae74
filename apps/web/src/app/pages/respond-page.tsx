import { useT } from '../../lib/i18n/i18n.ts';
import { EntryAbove } from '../../features/entries/components/entry-above.tsx';
import { hasAnswer } from '../../vocabulary/has-answer.ts';
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
          title={t(hasAnswer(children) ? 'app.respond.alternative' : 'app.respond.title')}
          kicker={dataset.title}
          above={<EntryAbove entries={[...path, entry]} />}
        />
      )}
    </WithEntry>
  );
}

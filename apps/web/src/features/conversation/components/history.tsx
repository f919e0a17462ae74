import { rejectReasons, type EntryPage, type RejectReason } from '@granary/contract';
import { Disclosure } from '../../../components/disclosure.tsx';
import { Section } from '../../../components/section.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { useT, type Translate } from '../../../lib/i18n/i18n.ts';
import { AuthorName } from './author-name.tsx';
import { RevisionChange } from './entry-text.tsx';
import './conversation.css';

/** What happened to the entry, newest first; each new version with the words it changed. */
export function History({ page }: { page: EntryPage }) {
  const t = useT();
  const { entry, history, revisions } = page;
  return (
    <Section title={t('conversation.history')}>
      <ol className="history">
        {history.toReversed().map((item) => {
          const edited = item.kind === 'entry_revised' && item.revisionNumber !== null;
          const revision = edited ? revisions.find(({ number }) => number === item.revisionNumber) : undefined;
          const before = edited ? revisions.find(({ number }) => number === (item.revisionNumber ?? 0) - 1) : undefined;
          const note = item.note ?? revision?.note ?? null;
          return (
            <li key={`${item.at}${item.kind}${item.revisionNumber ?? ''}`}>
              <p className="cluster gap-2">
                <span>{wordsOf(t, item.kind)}</span>
                {item.actor !== null && <AuthorName author={item.actor} origin={null} />}
                <span className="small faint">
                  <RelativeTime iso={item.at} />
                </span>
              </p>
              {item.reason !== null && <p className="soft">{reasonOf(t, item.reason)}</p>}
              {note !== null && <blockquote>{note}</blockquote>}
              {revision !== undefined && revision.text !== '' && before !== undefined && (
                <Disclosure summary={t('conversation.changes', { n: revision.number })}>
                  <RevisionChange revision={revision} before={before} lang={entry.language} />
                </Disclosure>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

function wordsOf(t: Translate, kind: EntryPage['history'][number]['kind']): string {
  switch (kind) {
    case 'entry_submitted':
    case 'entry_imported':
    case 'entry_revised':
    case 'entry_reviewed':
    case 'review_undone':
    case 'entry_approved':
    case 'entry_rejected':
    case 'entry_changes_requested':
    case 'entry_escalated':
    case 'entry_reopened':
    case 'entry_retracted':
    case 'entry_restored':
    case 'entry_appealed':
    case 'appeal_upheld':
    case 'appeal_dismissed':
    case 'appeal_withdrawn':
      return t(`conversation.event.${kind}`);
    default:
      return t('conversation.event.other');
  }
}

/** Reviewers choose among reasons, moderators write theirs. */
function reasonOf(t: Translate, reason: string): string {
  const known = rejectReasons.find((each): each is RejectReason => each === reason);
  return known === undefined ? reason : t(`vocabulary.rejectReason.${known}`);
}

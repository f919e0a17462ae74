import type { EntryPage } from '@granary/contract';
import { Notice } from '../../../components/notice.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

/** What reviewers asked for, in front of the one who edits. */
export function ReviewerNotes({ reviews }: { reviews: EntryPage['reviews'] }) {
  const t = useT();
  const said = reviews.filter(({ note, reason, verdict }) => verdict !== 'approve' && (note !== null || reason !== null));
  if (said.length === 0) return null;
  return (
    <Notice tone="warning" title={t('entries.notes.title')}>
      <ul className="reviewer-notes">
        {said.map(({ createdAt, reason, note }) => (
          <li key={`${createdAt}${note ?? reason ?? ''}`}>
            {reason !== null && <strong>{t(`vocabulary.rejectReason.${reason}`)}</strong>} {note}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

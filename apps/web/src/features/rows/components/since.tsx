import type { SnapshotRow } from '@granary/contract';
import { Notice } from '../../../components/notice.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

type Since = { since: SnapshotRow['since'] };

/** What became of a row since it was published, in a word; nothing while it stands. */
export function SinceBadge({ since }: Since) {
  const t = useT();
  return since === null ? null : <StatusBadge tone={since === 'edited' ? 'info' : 'warning'}>{t(`rows.since.${since}`)}</StatusBadge>;
}

/** The same in a sentence, with what it means for those who use the row. */
export function SinceNotice({ since }: Since) {
  const t = useT();
  if (since === null) return null;
  return (
    <Notice tone={since === 'edited' ? 'info' : 'warning'} title={t(`rows.since.${since}`)}>
      {t(`rows.since.${since}.text`)}
    </Notice>
  );
}

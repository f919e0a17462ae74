import type { EntryStatus as Status } from '@granary/contract';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

const tones: Record<Status, Tone> = {
  in_review: 'info',
  approved: 'positive',
  rejected: 'critical',
  changes_requested: 'warning',
  retracted: 'muted',
};

/** An entry's status in shape, colour and word. */
export function EntryStatus({ status }: { status: Status }) {
  const t = useT();
  return <StatusBadge tone={tones[status]}>{t(`moderation.status.${status}`)}</StatusBadge>;
}

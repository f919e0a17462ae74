import type { EntryStatus } from '@granary/contract';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

const tones: Record<EntryStatus, Tone> = {
  in_review: 'info',
  approved: 'positive',
  rejected: 'critical',
  changes_requested: 'warning',
  retracted: 'muted',
};

/** An entry's status in shape, colour and word. */
export function StatusWord({ status }: { status: EntryStatus }) {
  const t = useT();
  return <StatusBadge tone={tones[status]}>{t(`conversation.status.${status}`)}</StatusBadge>;
}

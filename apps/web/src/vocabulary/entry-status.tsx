import { CircleSlash, Hourglass } from 'lucide-react';
import type { EntryStatus as Status } from '@granary/contract';
import { StatusBadge, type Tone } from '../components/status-badge.tsx';
import { useT } from '../lib/i18n/i18n.ts';

const tones: Record<Status, Tone> = {
  in_review: 'info',
  approved: 'positive',
  rejected: 'critical',
  changes_requested: 'warning',
  retracted: 'muted',
};
const icons = { in_review: Hourglass, retracted: CircleSlash } as Partial<Record<Status, typeof Hourglass>>;

/** An entry's status in shape, colour and word. */
export function EntryStatus({ status }: { status: Status }) {
  const t = useT();
  return (
    <StatusBadge tone={tones[status]} icon={icons[status]}>
      {t(`vocabulary.status.${status}`)}
    </StatusBadge>
  );
}

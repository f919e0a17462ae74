import { Check, PencilLine, X } from 'lucide-react';
import type { CalibrationItem, Verdict } from '@granary/contract';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { formatShare } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';

const looks: Record<Verdict, { tone: Tone; icon: typeof Check }> = {
  approve: { tone: 'positive', icon: Check },
  reject: { tone: 'critical', icon: X },
  request_changes: { tone: 'warning', icon: PencilLine },
};

/** What is expected of an item and why, and how reviewers have fared with it. */
export function ItemFacts({ item }: { item: CalibrationItem }) {
  const t = useT();
  const locale = useLocale();
  const fared =
    item.answered === 0
      ? t('calibration.unanswered')
      : t('calibration.fared', { n: item.answered, share: formatShare(locale, item.met / item.answered) });
  return (
    <div className="stack gap-1">
      <div className="cluster gap-2">
        <StatusBadge {...looks[item.expected]}>{t(`calibration.verdict.${item.expected}`)}</StatusBadge>
        {item.reason !== null && <span className="small">{t(`vocabulary.rejectReason.${item.reason}`)}</span>}
      </div>
      <p className="measure">{item.explanation}</p>
      <p className="small soft">
        {fared}
        {!item.inUse && item.retiredAt === null && ` ${t('calibration.outdated')}`}
      </p>
    </div>
  );
}

import { Repeat } from 'lucide-react';
import type { ReviewTask } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Notice } from '../../../components/notice.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

/** What this reviewer said of the version before; one key says the same of this one. */
export function EarlierVerdict({ earlier, onRepeat }: { earlier: NonNullable<ReviewTask['earlier']>; onRepeat: () => void }) {
  const t = useT();
  return (
    <Notice
      title={t(`reviews.earlier.${earlier.verdict}`)}
      action={
        <Button size="small" keys="e" icon={<Repeat aria-hidden />} onClick={onRepeat}>
          {t('reviews.earlier.again')}
        </Button>
      }
    >
      {earlier.reason !== null && <p>{t(`vocabulary.rejectReason.${earlier.reason}`)}</p>}
      {earlier.note !== null && <blockquote className="review-said">{earlier.note}</blockquote>}
    </Notice>
  );
}

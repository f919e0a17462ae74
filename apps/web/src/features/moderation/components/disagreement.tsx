import { useQuery } from '@tanstack/react-query';
import { Check, PencilLine, X } from 'lucide-react';
import type { Entry, Verdict } from '@granary/contract';
import { ErrorState } from '../../../components/error-state.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

const looks: Record<Verdict, { tone: Tone; icon: typeof Check }> = {
  approve: { tone: 'positive', icon: Check },
  reject: { tone: 'critical', icon: X },
  request_changes: { tone: 'warning', icon: PencilLine },
};

/** What each reviewer found in the version that is to be decided. */
export function Disagreement({ entry }: { entry: Entry }) {
  const t = useT();
  const query = useQuery(apiQuery(endpoints.entries.get, { params: { id: entry.id } }));
  if (query.isPending) return <Skeleton lines={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const reviews = query.data.reviews.filter(({ revisionNumber }) => revisionNumber === entry.revision.number);
  return (
    <ul className="case-reviews" aria-label={t('moderation.escalated.reviews')}>
      {reviews.map((review) => (
        <li key={`${review.createdAt}${review.verdict}`}>
          <StatusBadge {...looks[review.verdict]}>{t(`vocabulary.verdict.${review.verdict}`)}</StatusBadge>
          <div className="soft">
            {review.reason !== null && <strong>{t(`vocabulary.rejectReason.${review.reason}`)}</strong>} {review.note}
          </div>
        </li>
      ))}
    </ul>
  );
}

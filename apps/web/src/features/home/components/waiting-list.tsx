import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { Link } from 'react-router';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { NumberText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT, type MessageKey } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';
import { useDecisionsSeen, useWaiting } from '../../../lib/use-waiting.ts';
import './home.css';

type Row = { label: MessageKey; n: number; to: string };

/** What waits for the person in front of the page; every number leads to what it counts. */
export function WaitingList() {
  const t = useT();
  const { can } = useSession();
  const waiting = useWaiting();
  const reviews = useQuery({ ...apiQuery(endpoints.reviews.queue), enabled: can('reviews:write') });
  const comparisons = useQuery(apiQuery(endpoints.comparisons.queue));
  const drafts = useQuery(apiQuery(endpoints.drafts.list));
  useDecisionsSeen();
  if (waiting === null || reviews.isLoading) return <ListSkeleton />;
  const toReview = reviews.data?.items.filter(({ mayReview }) => mayReview) ?? [];
  const rows: Row[] = [
    { label: 'home.waiting.changes', n: waiting.changesRequested, to: `${paths.myContributions.to()}?status=changes_requested` },
    { label: 'home.waiting.proposals', n: waiting.proposals, to: paths.myContributions.to() },
    { label: 'home.waiting.review', n: sum(toReview), to: paths.review.to() },
    { label: 'home.waiting.compare', n: sum(comparisons.data?.items ?? []), to: paths.compare.to() },
    { label: 'home.waiting.drafts', n: drafts.data?.items.length ?? 0, to: paths.myDrafts.to() },
    { label: 'home.waiting.approved', n: waiting.approved, to: `${paths.myContributions.to()}?status=approved` },
    { label: 'home.waiting.rejected', n: waiting.rejected, to: `${paths.myContributions.to()}?status=rejected` },
  ];
  const shown = rows.filter(({ n }) => n > 0);
  if (shown.length === 0)
    return (
      <EmptyState title={t('home.waiting.none')} action={<LinkButton to={paths.browse.to()}>{t('home.browse')}</LinkButton>}>
        {t('home.waiting.noneText')}
      </EmptyState>
    );
  return (
    <ul className="waiting">
      {shown.map(({ label, n, to }) => (
        <li key={label}>
          <Link to={to}>
            <span className="waiting-count">
              <NumberText value={n} />
            </span>
            <span>{t(label, { n })}</span>
            <ChevronRight className="turns" aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}

const sum = (items: readonly { waiting: number }[]) => items.reduce((total, { waiting }) => total + waiting, 0);

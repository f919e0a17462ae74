import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ContributionItem, EntryStatus as Status } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { EntryStatus } from '../../../vocabulary/entry-status.tsx';
import './contribution-list.css';

/** Everything I handed in: status, what was said about it, and what to do next. */
export function ContributionList({ status }: { status: Status | undefined }) {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.entries.mine, { query: { status } }));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<ContributionItem>(query.data);
  if (items.length === 0) {
    return (
      <EmptyState
        title={t(status === undefined ? 'entries.mine.empty.title' : 'entries.mine.emptyFilter')}
        action={
          <LinkButton variant="primary" to={paths.contribute.to()}>
            {t('entries.mine.empty.action')}
          </LinkButton>
        }
      >
        {status === undefined && t('entries.mine.empty.text')}
      </EmptyState>
    );
  }
  return (
    <>
      <ol className="contributions">
        {items.map((item) => (
          <ContributionRow key={item.entry.id} item={item} />
        ))}
      </ol>
      <LoadMore shown={items.length} {...query} />
    </>
  );
}

function ContributionRow({ item }: { item: ContributionItem }) {
  const { entry, instruction } = item;
  return (
    <li className="contribution">
      <div className="contribution-head">
        <EntryStatus status={entry.status} />
        <span className="small faint">
          <RelativeTime iso={entry.createdAt} />
        </span>
      </div>
      <h2 className="contribution-title" dir="auto" lang={entry.language}>
        <Link to={paths.entry.to(entry.id)}>{instruction?.text ?? entry.revision.text}</Link>
      </h2>
      {instruction !== null && (
        <p className="contribution-text serif" dir="auto" lang={entry.language}>
          {entry.revision.text}
        </p>
      )}
      <NextStep item={item} />
    </li>
  );
}

/** What was said, and the next step, in one sentence each. */
function NextStep({ item }: { item: ContributionItem }) {
  const t = useT();
  const { entry, reviews, moderationReason } = item;
  const locale = useLocale();
  const listOf = (numbers: readonly number[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(numbers.map(String));
  const notes = reviews.filter(
    (review) => review.revisionNumber === entry.revision.number && (review.note !== null || review.reason !== null),
  );
  return (
    <div className="contribution-next small">
      <p>
        {entry.status === 'in_review' && t('entries.next.in_review', { have: item.approvals, need: item.approvalsNeeded })}
        {entry.status === 'approved' &&
          (item.snapshots.length > 0
            ? t('entries.next.published', { n: item.snapshots.length, numbers: listOf(item.snapshots) })
            : t('entries.next.approved'))}
        {entry.status === 'changes_requested' && t('entries.next.changes_requested')}
        {entry.status === 'rejected' && t('entries.next.rejected')}
        {entry.status === 'retracted' && t('entries.next.retracted')}
      </p>
      {moderationReason !== null && <blockquote>{moderationReason}</blockquote>}
      {notes.map((review) => (
        <blockquote key={`${review.createdAt}${review.verdict}`}>
          {review.reason !== null && <strong>{t(`vocabulary.rejectReason.${review.reason}`)}</strong>} {review.note}
        </blockquote>
      ))}
      {item.openProposals > 0 && <Link to={paths.entry.to(entry.id)}>{t('entries.next.proposals', { n: item.openProposals })}</Link>}
      {item.appeal !== null && <p>{t(`entries.next.appeal.${item.appeal.status}`)}</p>}
      {item.mayAppeal && <Link to={paths.entry.to(entry.id)}>{t('entries.next.mayAppeal')}</Link>}
      {(entry.status === 'changes_requested' || entry.status === 'rejected') && (
        <LinkButton size="small" variant={entry.status === 'changes_requested' ? 'primary' : 'secondary'} to={paths.editEntry.to(entry.id)}>
          {t('entries.next.edit')}
        </LinkButton>
      )}
    </div>
  );
}

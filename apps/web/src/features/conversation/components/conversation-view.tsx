import { Star } from 'lucide-react';
import { Link } from 'react-router';
import type { AdaptivePolicy, Entry, EntryPage, RatingDimension } from '@granary/contract';
import { Section } from '../../../components/section.tsx';
import { SourceSwitch } from '../../../components/source/source-switch.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { AuthorName } from './author-name.tsx';
import { EntryText } from './entry-text.tsx';
import { EntryStatus } from '../../../vocabulary/entry-status.tsx';
import './conversation.css';

/** The conversation from its first instruction down to this entry, then what others answered and what follows. */
export function ConversationView({ page }: { page: EntryPage }) {
  const t = useT();
  const { entry, path, alternatives, children } = page;
  return (
    <>
      <ol className="conversation-turns" aria-label={t('conversation.label')}>
        {path.map((above) => (
          <Turn key={above.id} entry={above} />
        ))}
        <Turn entry={entry} current />
      </ol>
      {entry.role === 'instruction' && (
        <Section title={t('conversation.responses', { n: children.length })}>
          {children.length === 0 ? <p className="soft">{t('conversation.responses.none')}</p> : <Others entries={children} />}
        </Section>
      )}
      {alternatives.length > 0 && (
        <Section title={t('conversation.alternatives', { n: alternatives.length })}>
          <Others entries={alternatives} />
        </Section>
      )}
      {entry.role === 'response' && children.length > 0 && (
        <Section title={t('conversation.followUps', { n: children.length })}>
          <Others entries={children} />
        </Section>
      )}
    </>
  );
}

function Turn({ entry, current = false }: { entry: Entry; current?: boolean }) {
  const t = useT();
  return (
    <li className={`turn turn-${entry.role}${current ? ' turn-current' : ''}`} aria-current={current ? 'true' : undefined}>
      <div className="turn-head">
        <span className="kicker">{t(`conversation.role.${entry.role}`)}</span>
        {current ? (
          <SourceSwitch />
        ) : (
          <Link className="small" to={paths.entry.to(entry.id)}>
            {t('conversation.open')}
          </Link>
        )}
      </div>
      <EntryText entry={entry} />
    </li>
  );
}

function Others({ entries }: { entries: readonly Entry[] }) {
  const t = useT();
  return (
    <ol className="others">
      {entries.map((entry) => (
        <li key={entry.id}>
          <EntryText entry={entry} />
          <p className="small soft cluster gap-2">
            <EntryStatus status={entry.status} />
            <AuthorName author={entry.author} origin={entry.origin} />
            <RelativeTime iso={entry.createdAt} />
            <Link to={paths.entry.to(entry.id)}>{t('conversation.open')}</Link>
          </p>
        </li>
      ))}
    </ol>
  );
}

/** How sure the policy wanted to be of what was decided. */
function neededFor({ entry }: EntryPage, policy: AdaptivePolicy): number {
  if (entry.status === 'rejected') return policy.rejectAt;
  return entry.status === 'changes_requested' ? policy.changesAt : policy.approveAt;
}

/** What reviewers said about it, without their names, and how that came to a decision. */
export function Decisions({ page, dimensions }: { page: EntryPage; dimensions: readonly RatingDimension[] }) {
  const t = useT();
  const { reviews, progress, decision } = page;
  const locale = useLocale();
  const percent = (share: number) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);
  if (reviews.length === 0 && progress === null) return null;
  return (
    <Section title={t('conversation.reviews')}>
      {progress !== null && (
        <p className="soft">{t('conversation.progress', { have: progress.approvals, need: progress.approvalsNeeded })}</p>
      )}
      {decision !== null && (
        <p className="soft measure">
          {decision.policy.kind === 'fixed'
            ? t('conversation.decision.counted')
            : t('conversation.decision.weighed', {
                sure: percent(decision.probability),
                needed: percent(neededFor(page, decision.policy)),
              })}
        </p>
      )}
      <ol className="decisions">
        {reviews.map((review) => (
          <li key={`${review.createdAt}${review.verdict}`}>
            <p>
              <strong>{t(`vocabulary.verdict.${review.verdict}`)}</strong>{' '}
              {review.reason !== null && t(`vocabulary.rejectReason.${review.reason}`)}
            </p>
            {review.note !== null && <blockquote>{review.note}</blockquote>}
            <p className="small faint cluster gap-3">
              <RelativeTime iso={review.createdAt} />
              <span>{t('conversation.ofRevision', { n: review.revisionNumber })}</span>
              {review.weight !== null && <span>{t(`vocabulary.weight.${review.weight}`)}</span>}
              {Object.entries(review.ratings).map(([dimension, value]) => (
                <span key={dimension} className="decision-rating">
                  {dimensions.find(({ slug }) => slug === dimension)?.title ?? dimension.replaceAll('_', ' ')} <Star aria-hidden /> {value}
                </span>
              ))}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}

import { PencilLine } from 'lucide-react';
import type { Dataset, EntryPage as EntryPageData } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { EntryCalibration } from '../../features/calibration/components/entry-calibration.tsx';
import { AppealButton, AppealNotice } from '../../features/conversation/components/appeal.tsx';
import { EntryStrengths } from '../../features/comparisons/components/entry-strengths.tsx';
import { ConversationView, Decisions } from '../../features/conversation/components/conversation-view.tsx';
import { EntryFacts } from '../../features/conversation/components/entry-facts.tsx';
import { History } from '../../features/conversation/components/history.tsx';
import { Proposals } from '../../features/conversation/components/proposals.tsx';
import { RetractButton } from '../../features/conversation/components/retract-button.tsx';
import { FlagButton } from '../../features/flags/components/flag-button.tsx';
import { EntryModeration } from '../../features/moderation/components/entry-moderation.tsx';
import { EntryRatingsBlock } from '../../features/ratings/components/entry-ratings.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import { hasAnswer } from '../../vocabulary/has-answer.ts';
import { WithEntry } from './with-dataset.tsx';

/** An entry's public page: its conversation, what became of it and why, and what one can do now. */
export default function EntryPage() {
  return <WithEntry>{(page, dataset) => <EntryOverview page={page} dataset={dataset} />}</WithEntry>;
}

function EntryOverview({ page, dataset }: { page: EntryPageData; dataset: Dataset }) {
  const t = useT();
  const { entry } = page;
  const category = dataset.categories.find(({ slug }) => slug === entry.category)?.title ?? entry.category;
  return (
    <>
      <PageHeader
        title={t(`conversation.title.${entry.role}`)}
        kicker={`${dataset.title} · ${category}`}
        actions={<Invitations page={page} />}
      />
      <div className="with-aside">
        <div>
          <ConversationView page={page} />
          {entry.role === 'response' && entry.status === 'approved' && <EntryRatingsBlock entryId={entry.id} />}
          <EntryStrengths entryId={entry.id} responses={[...page.alternatives, ...page.children]} />
          {page.appeal !== null && <AppealNotice appeal={page.appeal} />}
          <Proposals page={page} />
          <Decisions page={page} dimensions={dataset.dimensions} />
          <History page={page} />
        </div>
        <aside className="entry-aside" aria-label={t('conversation.fact.label')}>
          <EntryFacts page={page} dataset={dataset} />
          <Acts page={page} />
          {page.can.moderate && <EntryModeration entry={entry} decides={page.can.decide} />}
          {page.can.moderate && <EntryCalibration page={page} />}
        </aside>
      </div>
    </>
  );
}

/** What a reader can add: one of them is what the page asks for. */
function Invitations({ page: { entry, path, children, alternatives, can } }: { page: EntryPageData }) {
  const t = useT();
  const { user } = useSession();
  const instruction = entry.role === 'instruction' ? entry : path.at(-1);
  // Strangers may begin to write at once; they are asked to sign in when they hand in.
  const invited = user === null && entry.status === 'approved';
  // Who has answered an instruction is not asked to answer it again.
  const answered = [entry, ...children, ...alternatives].some(
    ({ role, parentId, author, status }) =>
      role === 'response' && parentId === instruction?.id && user !== null && author?.id === user.id && status !== 'retracted',
  );
  const respondTo = entry.role === 'instruction' ? (can.respond || invited) && entry : (can.followUp || invited) && instruction;
  return (
    <>
      {can.edit && <LinkButton to={paths.editEntry.to(entry.id)}>{t('conversation.act.edit')}</LinkButton>}
      {can.followUp && <LinkButton to={paths.followUp.to(entry.id)}>{t('conversation.act.followUp')}</LinkButton>}
      {respondTo && respondTo.status === 'approved' && !answered && (
        <LinkButton variant="primary" to={paths.respond.to(respondTo.id)}>
          {t(entry.role === 'instruction' && !hasAnswer(children) ? 'conversation.act.answer' : 'conversation.act.respond')}
        </LinkButton>
      )}
      {can.review && (
        <LinkButton variant="primary" to={paths.review.to()}>
          {t('conversation.act.review')}
        </LinkButton>
      )}
    </>
  );
}

function Acts({ page: { entry, can } }: { page: EntryPageData }) {
  const t = useT();
  const { user } = useSession();
  return (
    <div className="entry-acts">
      {/* A stranger is asked to sign in first. */}
      {(can.flag || (user === null && entry.status !== 'retracted')) && <FlagButton entryId={entry.id} />}
      {can.appeal && <AppealButton entryId={entry.id} />}
      {can.propose && (
        <LinkButton size="small" variant="quiet" icon={<PencilLine aria-hidden />} to={paths.proposeEdit.to(entry.id)}>
          {t('conversation.act.propose')}
        </LinkButton>
      )}
      {can.retract && <RetractButton entryId={entry.id} />}
    </div>
  );
}

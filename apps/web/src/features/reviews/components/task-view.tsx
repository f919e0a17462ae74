import { useState } from 'react';
import { ExternalLink } from 'lucide-react';
import type { Check, Entry, ReviewTask, Revision } from '@granary/contract';
import { CorpusText } from '../../../components/source/corpus-text.tsx';
import { SourceSwitch } from '../../../components/source/source-switch.tsx';
import { Switch } from '../../../components/choice.tsx';
import { Notice } from '../../../components/notice.tsx';
import { TextDiff } from '../../../components/diff/text-diff.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import SameTextNotice from '../../../vocabulary/same-text-notice.tsx';

/** What is under review, with the conversation above it; an edit is shown as what changed. */
export function TaskView({ task }: { task: ReviewTask }) {
  const t = useT();
  const edited = task.previousRevision !== null || task.previousInstructionRevision !== null;
  const [showChanges, setShowChanges] = useState(edited);
  const checks = [...(task.instruction?.revision.checks ?? []), ...task.entry.revision.checks];
  const note = task.entry.revision.note;
  return (
    <div className="stack gap-5">
      {edited && (
        <Notice title={t('reviews.edited.title')}>
          {note !== null && <p>{t('reviews.edited.note', { note })}</p>}
          <EarlierRequests task={task} />
          <Switch label={t('reviews.edited.show')} checked={showChanges} onChange={(event) => setShowChanges(event.target.checked)} />
        </Notice>
      )}
      <div className="source-corner">
        <SourceSwitch />
      </div>
      {task.path.map((entry) => (
        <Part key={entry.id} entry={entry} before={null} given />
      ))}
      {task.instruction !== null && <Part entry={task.instruction} before={showChanges ? task.previousInstructionRevision : null} />}
      <Part entry={task.entry} before={showChanges ? task.previousRevision : null} />
      {task.entry.revision.aiAssistance !== 'none' && <p className="small soft">{t(`reviews.ai.${task.entry.revision.aiAssistance}`)}</p>}
      <SameTexts task={task} />
      <Findings checks={checks} />
    </div>
  );
}

/** What is under review may be there already. */
function SameTexts({ task: { entry, instruction } }: { task: ReviewTask }) {
  const asked = instruction ?? (entry.role === 'instruction' ? entry : null);
  const common = { datasetSlug: entry.datasetSlug, except: entry.id };
  const context = asked?.revision.context ?? null;
  return (
    <>
      {asked !== null && (
        <SameTextNotice
          {...common}
          part="instruction"
          text={asked.revision.text}
          {...(context === null ? {} : { context: context.text })}
        />
      )}
      {entry.role === 'response' && entry.parentId !== null && (
        <SameTextNotice {...common} part="response" text={entry.revision.text} parentId={entry.parentId} />
      )}
    </>
  );
}

/** What was asked for of the version before, so that one sees whether the edit answers it. */
function EarlierRequests({ task: { requests: said } }: { task: ReviewTask }) {
  const t = useT();
  if (said.length === 0) return null;
  return (
    <div className="review-requests">
      <div className="kicker">{t('reviews.edited.requested')}</div>
      <ul>
        {said.map(({ reason, note }) => (
          <li key={`${reason} ${note}`}>
            {reason !== null && <strong>{t(`vocabulary.rejectReason.${reason}`)}</strong>} {note}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Part({ entry, before, given = false }: { entry: Entry; before: Revision | null; given?: boolean }) {
  const t = useT();
  const { revision, language } = entry;
  return (
    <section className={`review-part${given ? ' review-part-given' : ''}`} aria-label={t(`reviews.role.${entry.role}`)}>
      <div className="kicker">{t(`reviews.role.${entry.role}`)}</div>
      {before === null ? (
        <CorpusText text={revision.text} lang={language} />
      ) : (
        <TextDiff before={before.text} after={revision.text} lang={language} />
      )}
      {revision.context !== null && (
        <blockquote className="review-context">
          <div className="kicker">{t('reviews.context')}</div>
          {before?.context ? (
            <TextDiff before={before.context.text} after={revision.context.text} lang={language} />
          ) : (
            <CorpusText text={revision.context.text} lang={language} />
          )}
          <p className="small soft">
            {revision.context.url !== null && (
              <a href={revision.context.url} target="_blank" rel="noopener noreferrer nofollow">
                {revision.context.url} <ExternalLink className="review-external" aria-hidden />
              </a>
            )}{' '}
            {revision.context.licence}
          </p>
        </blockquote>
      )}
    </section>
  );
}

function Findings({ checks }: { checks: readonly Check[] }) {
  const t = useT();
  if (checks.length === 0) return null;
  return (
    <Notice tone="warning" title={t('reviews.checks')}>
      <ul className="review-findings">
        {checks.map((check) => (
          <li key={`${check.kind}${check.field}${check.excerpt ?? ''}`}>
            {t(`reviews.check.${check.kind}`)} {check.excerpt !== undefined && <q>{check.excerpt}</q>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

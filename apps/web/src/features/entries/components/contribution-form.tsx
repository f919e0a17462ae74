import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { Send } from 'lucide-react';
import { languageNames, limits, type Dataset, type DraftContent } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button } from '../../../components/button.tsx';
import { RadioGroup, SegmentedControl } from '../../../components/choice.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { focusFirstError } from '../../../lib/focus-first-error.ts';
import { useSession } from '../../../lib/session.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { passageOf, textsToCheck, type ContributionTask } from '../contribution-content.ts';
import { useChecks } from '../use-checks.ts';
import { useContributionErrors } from '../use-contribution-errors.ts';
import { useSubmit, type Submitted } from '../use-submit.ts';
import { CheckList } from './check-list.tsx';
import { ContextFields } from './context-fields.tsx';
import { MarkdownField } from './markdown-field.tsx';
import './contribution-form.css';

/** Comes after the first paint: there is nothing to compare before something is written. */
const SameTextNotice = lazy(() => import('../../../vocabulary/same-text-notice.tsx'));
/** Most people have agreed long ago. */
const TermsDialog = lazy(() => import('./terms-dialog.tsx'));

type Props = {
  dataset: Dataset;
  task: ContributionTask;
  content: DraftContent;
  onChange: (changes: Partial<DraftContent>) => void;
  draftId: string;
  /** Where the words are saved; shown beside the primary act. */
  draftStatus: ReactNode;
  /** Saves the draft on the server first, so that nothing depends on the answer arriving. */
  beforeSubmit: () => Promise<void>;
  onSubmitted: (submitted: Submitted) => void;
  /** Nobody is signed in: go and do that, the draft waits. */
  onSignIn: () => void;
};

/** The form for everything a volunteer can hand in. Checks as one types, by the rules of the server. */
export function ContributionForm({
  dataset,
  task,
  content: typed,
  onChange,
  draftId,
  draftStatus,
  beforeSubmit,
  onSubmitted,
  onSignIn,
}: Props) {
  const t = useT();
  const { user } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const passage = passageOf(task, dataset, typed);
  const content = passage === 'required' ? { ...typed, hasContext: true } : typed;
  const [askTerms, setAskTerms] = useState(false);
  const errors = useContributionErrors(task, content);
  const checks = useChecks(textsToCheck(content, task));
  const { submit, busy, error, fieldErrors, clearError } = useSubmit();
  const shown = { ...fieldErrors, ...errors.shown };
  const accepted =
    user?.acceptedTerms.some((terms) => terms.datasetSlug === dataset.slug && terms.termsVersion >= dataset.termsVersion) ?? false;

  function change(changes: Partial<DraftContent>) {
    if (error !== null) clearError();
    onChange(changes);
  }
  async function handIn() {
    errors.showAll();
    if (Object.keys(errors.all).length > 0) return focusFirstError(form.current);
    if (user === null) return onSignIn();
    if (!accepted) return setAskTerms(true);
    await send();
  }
  async function send() {
    setAskTerms(false);
    await beforeSubmit();
    const submitted = await submit({ task, datasetSlug: dataset.slug, draftId, content });
    if (submitted !== null) onSubmitted(submitted);
    else focusFirstError(form.current);
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('entries.submit.label'), run: () => void handIn() }]);

  return (
    <form
      ref={form}
      className="contribution-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void handIn();
      }}
    >
      {task.kind === 'new' && (
        <SegmentedControl
          legend={t('entries.kind.legend')}
          value={content.kind === 'instruction' ? 'instruction' : 'pair'}
          onChange={(kind) => change({ kind })}
          options={[
            { value: 'pair', label: t('entries.kind.pair') },
            { value: 'instruction', label: t('entries.kind.instruction') },
          ]}
          hint={t(content.kind === 'instruction' ? 'entries.kind.instructionHint' : 'entries.kind.pairHint')}
        />
      )}
      {content.kind !== 'response' && (
        <>
          <MarkdownField
            label={t('entries.field.instruction')}
            error={shown['instruction.text']}
            value={content.instruction}
            max={limits.instructionMax}
            lang={content.language}
            rows={3}
            placeholder={t('entries.instruction.placeholder')}
            onChange={(instruction) => change({ instruction })}
            onBlur={() => content.instruction !== '' && errors.leave('instruction.text')}
          />
          <ContextFields required={passage === 'required'} content={content} errors={shown} onChange={change} onBlur={errors.leave} />
        </>
      )}
      {content.kind !== 'instruction' && (
        <MarkdownField
          label={t('entries.field.response')}
          hint={t('entries.response.hint')}
          error={shown['response.text']}
          value={content.response}
          max={limits.responseMax}
          lang={content.language}
          rows={8}
          onChange={(response) => change({ response })}
          onBlur={() => content.response !== '' && errors.leave('response.text')}
        />
      )}
      <CheckList checks={checks} />
      <Suspense fallback={null}>
        <SameTexts task={task} dataset={dataset} content={content} />
      </Suspense>
      <div className="contribution-details">
        {task.kind !== 'edit' && (
          <Field label={t('entries.language.label')} error={shown.language}>
            <Select
              value={content.language}
              onChange={(event) => change({ language: event.target.value })}
              disabled={task.kind === 'respond'}
            >
              {dataset.languages.map((language) => (
                <option key={language} value={language}>
                  {languageNames[language as keyof typeof languageNames] ?? language}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <RadioGroup
          legend={t('entries.ai.legend')}
          value={content.aiAssistance}
          onChange={(aiAssistance) => change({ aiAssistance })}
          options={[
            { value: 'none', label: t('entries.ai.none') },
            { value: 'wording', label: t('entries.ai.wording') },
            { value: 'drafted', label: t('entries.ai.drafted') },
          ]}
        />
        {task.kind === 'edit' && (
          <Field label={t('entries.note.label')} hint={t('entries.note.hint')} optional={!task.proposed} error={shown.note}>
            <Input value={content.note} maxLength={limits.noteMax} onChange={(event) => change({ note: event.target.value })} />
          </Field>
        )}
      </div>
      <ActionBar error={error} status={draftStatus}>
        <Button variant="primary" type="submit" icon={<Send aria-hidden />} keys="mod+Enter" busy={busy}>
          {t(
            user === null
              ? 'entries.submit.signIn'
              : task.kind === 'edit'
                ? task.proposed
                  ? 'entries.submit.proposal'
                  : 'entries.submit.revision'
                : 'entries.submit.label',
          )}
        </Button>
      </ActionBar>
      <Suspense fallback={null}>
        {user !== null && (!accepted || askTerms) && (
          <TermsDialog dataset={dataset} open={askTerms} onClose={() => setAskTerms(false)} onAccepted={() => void send()} />
        )}
      </Suspense>
    </form>
  );
}

/** What is written may be there already; an edit is compared with all others but itself. */
function SameTexts({ task, dataset, content }: Pick<Props, 'task' | 'dataset' | 'content'>) {
  const edited = task.kind === 'edit' ? { except: task.entry.id } : {};
  const parentId = task.kind === 'respond' ? task.instruction.id : task.kind === 'edit' ? (task.entry.parentId ?? undefined) : undefined;
  const asks = content.kind !== 'response' && content.parentId === null && content.instruction !== '';
  const answers = content.kind !== 'instruction' && parentId !== undefined && content.response !== '';
  const context = content.hasContext ? { context: content.context } : {};
  return (
    <>
      {asks && <SameTextNotice part="instruction" datasetSlug={dataset.slug} text={content.instruction} {...context} {...edited} />}
      {answers && <SameTextNotice part="response" datasetSlug={dataset.slug} text={content.response} parentId={parentId} {...edited} />}
    </>
  );
}

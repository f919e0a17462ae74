import { useEffect, useRef } from 'react';
import { ArrowLeft, ArrowRight, Equal, SkipForward, ThumbsDown } from 'lucide-react';
import { comparisonAnswers, languageNames, type ComparisonAnswer, type ComparisonTask, type Entry } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button, LinkButton } from '../../../components/button.tsx';
import { DeskFrame } from '../../../components/desk-frame.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { CorpusText } from '../../../components/source/corpus-text.tsx';
import { SourceSwitch } from '../../../components/source/source-switch.tsx';
import { PageSkeleton } from '../../../components/skeleton.tsx';
import { toast } from '../../../components/toast.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { useComparisonDesk } from '../use-comparison-desk.ts';
import './comparisons.css';

const undoMs = 10_000;

/** Two responses side by side, one key for each answer, the next two there already. */
export function ComparisonDesk({ dataset }: { dataset: string | undefined }) {
  const t = useT();
  const { desk, state } = useComparisonDesk(dataset, () => toast({ tone: 'critical', text: t('comparisons.undelivered') }));
  const { last, shown, phase, trouble, lost } = state;
  const done = comparisonAnswers.reduce((sum, answer) => sum + (state.counts[answer] ?? 0), 0);
  const n = last?.n;
  const said = comparisonAnswers.find((answer) => answer === last?.name);
  useShortcuts([{ keys: 'z', label: t('comparisons.undo'), run: () => void desk.undo(), enabled: last !== null }]);
  useEffect(() => {
    if (n === undefined || said === undefined) return;
    const take = toast({
      text: t(`comparisons.given.${said}`),
      tone: 'positive',
      timeoutMs: undoMs,
      action: { label: t('comparisons.undo'), keys: 'z', run: () => void desk.undo() },
    });
    const timer = setTimeout(() => desk.settled(n), undoMs);
    return () => {
      take();
      clearTimeout(timer);
    };
  }, [desk, n, said, t]);
  const told = useRef(lost);
  useEffect(() => {
    if (lost > told.current) toast({ text: t('comparisons.lost') });
    told.current = lost;
  }, [lost, t]);

  return (
    <DeskFrame atWork={phase === 'task' || phase === 'loading'}>
      {trouble !== null && trouble.with !== 'lease' && <ErrorState error={trouble.error} />}
      {phase === 'loading' && <PageSkeleton />}
      {phase === 'failed' && <ErrorState error={trouble?.error} onRetry={() => desk.retry()} />}
      {phase === 'empty' && (
        <EmptyState
          title={t('comparisons.empty')}
          action={
            <>
              <LinkButton variant="primary" to={paths.contribute.to()}>
                {t('comparisons.write')}
              </LinkButton>
              <Button onClick={() => void desk.retry()}>{t('comparisons.again')}</Button>
            </>
          }
        >
          {done > 0 ? t('comparisons.done', { n: done }) : t('comparisons.emptyText')}
        </EmptyState>
      )}
      {phase === 'task' && shown !== null && (
        <Sides
          key={state.seat}
          task={shown.task}
          done={done}
          onAnswer={(answer) => desk.submit({ answer, left: shown.task.left.id })}
          onSkip={() => desk.skip()}
        />
      )}
    </DeskFrame>
  );
}

type SidesProps = { task: ComparisonTask; done: number; onAnswer: (answer: ComparisonAnswer) => void; onSkip: () => void };

function Sides({ task, done, onAnswer, onSkip }: SidesProps) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // Newer browsers return a promise here, which must not be taken for the effect's clean-up.
    window.scrollTo({ top: 0 });
  }, []);
  const answer = (said: ComparisonAnswer) => () => onAnswer(said);
  useShortcuts([
    { keys: 'a', label: t('comparisons.answer.left'), run: answer('left') },
    { keys: 'b', label: t('comparisons.answer.right'), run: answer('right') },
    { keys: 'ArrowLeft', label: t('comparisons.answer.left'), run: answer('left') },
    { keys: 'ArrowRight', label: t('comparisons.answer.right'), run: answer('right') },
    { keys: 't', label: t('comparisons.answer.tie'), run: answer('tie') },
    { keys: 'x', label: t('comparisons.answer.both_bad'), run: answer('both_bad') },
    { keys: 's', label: t('comparisons.skip'), run: onSkip },
  ]);
  const language = languageNames[task.left.language as keyof typeof languageNames] ?? task.left.language;
  return (
    <>
      <div className="stack gap-5">
        <div className="comparison-head">
          <h2 ref={heading} tabIndex={-1} className="comparison-kicker kicker">
            {task.category.title} · {language}
          </h2>
          <SourceSwitch />
        </div>
        {task.path.map((entry) => (
          <Turn key={entry.id} entry={entry} />
        ))}
        <div className="comparison-sides">
          <Side name="A" entry={task.left} />
          <Side name="B" entry={task.right} />
        </div>
        <Disclosure summary={t('comparisons.guideline')}>
          <Markdown text={task.category.guideline} />
        </Disclosure>
        {done > 0 && <p className="small faint">{t('comparisons.session', { n: done })}</p>}
      </div>
      <ActionBar>
        <Button icon={<SkipForward className="turns" aria-hidden />} variant="quiet" keys="s" onClick={onSkip}>
          {t('comparisons.skip')}
        </Button>
        <Button icon={<ThumbsDown aria-hidden />} keys="x" onClick={answer('both_bad')}>
          {t('comparisons.answer.both_bad')}
        </Button>
        <Button icon={<Equal aria-hidden />} keys="t" onClick={answer('tie')}>
          {t('comparisons.answer.tie')}
        </Button>
        <Button icon={<ArrowLeft className="turns" aria-hidden />} keys="a" onClick={answer('left')}>
          {t('comparisons.answer.left')}
        </Button>
        <Button icon={<ArrowRight className="turns" aria-hidden />} keys="b" onClick={answer('right')}>
          {t('comparisons.answer.right')}
        </Button>
      </ActionBar>
    </>
  );
}

function Turn({ entry: { role, revision, language } }: { entry: Entry }) {
  const t = useT();
  return (
    <section className="comparison-turn" aria-label={t(`comparisons.role.${role}`)}>
      <div className="kicker">{t(`comparisons.role.${role}`)}</div>
      <CorpusText text={revision.text} lang={language} />
      {revision.context !== null && (
        <blockquote className="comparison-context">
          <div className="kicker">{t('comparisons.context')}</div>
          <CorpusText text={revision.context.text} lang={language} />
        </blockquote>
      )}
    </section>
  );
}

function Side({ name, entry: { revision, language } }: { name: 'A' | 'B'; entry: Entry }) {
  const t = useT();
  return (
    <section className="comparison-side" aria-label={t('comparisons.side', { name })}>
      <div className="kicker">{t('comparisons.side', { name })}</div>
      <CorpusText text={revision.text} lang={language} />
    </section>
  );
}

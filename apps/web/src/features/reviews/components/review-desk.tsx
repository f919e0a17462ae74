import { useEffect, useRef, useState } from 'react';
import { verdicts } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { PageSkeleton } from '../../../components/skeleton.tsx';
import { toast } from '../../../components/toast.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { closeLesson, tallyOf, type ReviewDesk as Desk, type ReviewDeskState as DeskState } from '../review-desk.ts';
import { doneIn, keepGoal, readGoal, type Goal } from '../session-goal.ts';
import { useReviewDesk, type Wish } from '../use-review-desk.ts';
import { LessonDialog } from './lesson-dialog.tsx';
import { Seat } from './seat.tsx';
import { SessionSummary } from './session-summary.tsx';
import './review-desk.css';

const undoMs = 10_000;

/** The review desk: one entry at a time, one key per verdict, the next one there already. */
export function ReviewDesk({ wish }: { wish: Wish }) {
  const t = useT();
  const { desk, state } = useReviewDesk(wish);
  const { shown, phase, error, last } = state;
  const { lesson, qualification } = state.sum;
  const tally = tallyOf(state);
  const [goal, setGoal] = useState(readGoal);
  /** Verdicts when the summary was closed last: the goal counts from there. */
  const [from, setFrom] = useState(0);
  const [finished, setFinished] = useState(false);
  const done = doneIn(tally);
  const reached = goal > 0 && done - from >= goal;
  useUndo(desk, last);
  useLost(state.lost);
  useLessonMet(desk, state);
  const taught = lesson !== null && (!lesson.met || qualification !== null);

  function goOn(): void {
    setFrom(done);
    setFinished(false);
  }
  function chooseGoal(chosen: Goal): void {
    keepGoal(chosen);
    setGoal(chosen);
  }
  const summed = finished || reached;
  return (
    <>
      {phase !== 'failed' && error !== null && <ErrorState error={error} />}
      {summed ? (
        <SessionSummary
          tally={tally}
          title={t(reached ? 'reviews.summary.reached' : 'reviews.summary.title')}
          acts={
            <>
              <LinkButton to={paths.myReviews.to()}>{t('reviews.mine.title')}</LinkButton>
              <Button variant="primary" keys="Enter" onClick={goOn}>
                {t('reviews.summary.goOn')}
              </Button>
            </>
          }
        />
      ) : (
        <>
          {phase === 'loading' && <PageSkeleton />}
          {phase === 'failed' && <ErrorState error={error} onRetry={() => desk.retry()} />}
          {phase === 'empty' && <Empty desk={desk} state={state} />}
          {phase === 'task' && shown !== null && (
            <Seat
              key={`${shown.task.id} ${last?.n ?? 0}`}
              shown={shown}
              paused={taught}
              progress={{ done: done - from, goal, onGoal: chooseGoal }}
              onSubmit={desk.submit}
              onSkip={desk.skip}
              onFinish={() => setFinished(true)}
            />
          )}
        </>
      )}
      <SummaryKey enabled={summed} onGoOn={goOn} />
      <LessonDialog lesson={taught ? lesson : null} qualification={qualification} onClose={() => closeLesson(desk)} />
    </>
  );
}

function SummaryKey({ enabled, onGoOn }: { enabled: boolean; onGoOn: () => void }) {
  const t = useT();
  useShortcuts([{ keys: 'Enter', label: t('reviews.summary.goOn'), run: onGoOn, enabled }]);
  return null;
}

function Empty({ desk, state }: { desk: Desk; state: DeskState }) {
  const t = useT();
  const tally = tallyOf(state);
  const acts = (
    <>
      <LinkButton variant="primary" to={paths.contribute.to()}>
        {t('reviews.empty.write')}
      </LinkButton>
      <Button onClick={() => void desk.retry()}>{t('reviews.empty.again')}</Button>
    </>
  );
  if (doneIn(tally) > 0) return <SessionSummary tally={tally} title={t('reviews.empty.title')} acts={acts} />;
  return (
    <EmptyState title={t('reviews.empty.title')} action={acts}>
      {t('reviews.empty.text')}
    </EmptyState>
  );
}

/** Offers to take the last verdict back, for ten seconds. */
function useUndo(desk: Desk, last: DeskState['last']): void {
  const t = useT();
  useShortcuts([{ keys: 'z', label: t('reviews.undo'), run: () => void desk.undo(), enabled: last !== null }]);
  const n = last?.n;
  const verdict = verdicts.find((each) => each === last?.name);
  useEffect(() => {
    if (n === undefined || verdict === undefined) return;
    const take = toast({
      text: t(`reviews.given.${verdict}`),
      tone: 'positive',
      timeoutMs: undoMs,
      action: { label: t('reviews.undo'), keys: 'z', run: () => void desk.undo() },
    });
    const timer = setTimeout(() => desk.settled(n), undoMs);
    return () => {
      take();
      clearTimeout(timer);
    };
  }, [desk, n, verdict, t]);
}

function useLost(lost: number): void {
  const t = useT();
  const told = useRef(lost);
  useEffect(() => {
    if (lost > told.current) toast({ text: t('reviews.lost') });
    told.current = lost;
  }, [lost, t]);
}

/** Whoever saw it as expected is told so in passing. */
function useLessonMet(desk: Desk, { sum: { lesson, qualification } }: DeskState): void {
  const t = useT();
  useEffect(() => {
    if (lesson === null || !lesson.met || qualification !== null) return;
    toast({ tone: 'positive', text: t('reviews.lesson.metInPassing') });
    closeLesson(desk);
  }, [desk, lesson, qualification, t]);
}

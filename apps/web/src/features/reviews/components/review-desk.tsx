import { useEffect, useState } from 'react';
import { languageNames, type Qualification } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { DeskFrame } from '../../../components/desk-frame.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { describeError, ErrorState } from '../../../components/error-state.tsx';
import { Notice } from '../../../components/notice.tsx';
import { PageSkeleton } from '../../../components/skeleton.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import type { Desk, DeskState } from '../desk.ts';
import { failedQualifications, placeInQualification } from '../qualifying.ts';
import { doneIn, keepGoal, progressOf, readGoal, type Goal } from '../session-goal.ts';
import { useDeskToasts } from '../use-desk-toasts.ts';
import { useReviewDesk, type Wish } from '../use-review-desk.ts';
import { LessonDialog } from './lesson-dialog.tsx';
import { QualificationFailed } from './qualification-notice.tsx';
import { Seat } from './seat.tsx';
import { SessionSummary } from './session-summary.tsx';
import './review-desk.css';

type Props = {
  wish: Wish;
  /** Qualifications that stand before reviews, as the queue tells. */
  qualifications: readonly Qualification[];
};

/** The review desk: one entry at a time, one key per verdict, the next one there already. */
export function ReviewDesk({ wish, qualifications }: Props) {
  const { desk, state } = useReviewDesk(wish);
  const { shown, phase, tally, trouble } = state;
  const [goal, setGoal] = useState(readGoal);
  /** Verdicts when the summary was closed last: the goal counts from there. */
  const [from, setFrom] = useState(0);
  const [finished, setFinished] = useState(false);
  const { done, reached } = progressOf(tally, from, goal);
  const summed = finished || reached;
  const lesson = useDeskToasts(desk, state);
  useRest(desk, summed);

  function goOn(): void {
    setFrom(doneIn(tally));
    setFinished(false);
  }
  function chooseGoal(chosen: Goal): void {
    keepGoal(chosen);
    setGoal(chosen);
  }
  return (
    <DeskFrame atWork={!summed && (phase === 'task' || phase === 'loading')}>
      <NowShown state={state} />
      {trouble !== null && trouble.with !== 'lease' && <Trouble part={trouble.with} error={trouble.error} />}
      {summed ? (
        <SummaryOfSitting state={state} reached={reached} onGoOn={goOn} />
      ) : (
        <>
          {phase === 'loading' && <PageSkeleton />}
          {phase === 'failed' && <ErrorState error={trouble?.error} onRetry={() => desk.retry()} />}
          {phase === 'empty' && <Empty desk={desk} state={state} failed={failedQualifications(state, qualifications, wish.dataset)} />}
          {phase === 'task' && shown !== null && (
            <Seat
              key={state.seat}
              desk={desk}
              shown={shown}
              asking={state.asking}
              paused={lesson.open !== null}
              progress={{ done, goal, onGoal: chooseGoal }}
              qualifying={placeInQualification(state, qualifications, shown.task)}
              onFinish={() => setFinished(true)}
            />
          )}
        </>
      )}
      <LessonDialog lesson={lesson.open} onClose={lesson.close} />
    </DeskFrame>
  );
}

/** Nothing is kept from others while a summary is read. */
function useRest(desk: Desk, resting: boolean): void {
  useEffect(() => {
    if (!resting) return;
    desk.rest();
    return () => desk.resume();
  }, [desk, resting]);
}

/** Says aloud what comes next: the page changes without anybody going anywhere. */
function NowShown({ state: { shown } }: { state: DeskState }) {
  const t = useT();
  const task = shown?.task;
  const language = task && (languageNames[task.entry.language as keyof typeof languageNames] ?? task.entry.language);
  return (
    <p className="visually-hidden" role="status">
      {task && t('reviews.nowShown', { category: task.category.title, language })}
    </p>
  );
}

function Trouble({ part, error }: { part: 'answer' | 'skip' | 'undo'; error: unknown }) {
  const t = useT();
  const { title, detail } = describeError(t, error);
  return (
    <Notice tone="critical" live title={t(`reviews.trouble.${part}`)}>
      {title} {detail}
    </Notice>
  );
}

function SummaryOfSitting({ state: { tally }, reached, onGoOn }: { state: DeskState; reached: boolean; onGoOn: () => void }) {
  const t = useT();
  useShortcuts([{ keys: 'Enter', label: t('reviews.summary.goOn'), run: onGoOn }]);
  return (
    <SessionSummary tally={tally} title={t(reached ? 'reviews.summary.reached' : 'reviews.summary.title')}>
      <LinkButton to={paths.myReviews.to()}>{t('app.account.reviews')}</LinkButton>
      <Button variant="primary" keys="Enter" onClick={onGoOn}>
        {t('reviews.summary.goOn')}
      </Button>
    </SessionSummary>
  );
}

function Empty({ desk, state: { tally }, failed }: { desk: Desk; state: DeskState; failed: readonly Qualification[] }) {
  const t = useT();
  const again = <Button onClick={() => void desk.retry()}>{t('reviews.empty.again')}</Button>;
  const write = (
    <LinkButton variant="primary" to={paths.contribute.to()}>
      {t('reviews.empty.write')}
    </LinkButton>
  );
  const notices = failed.map((each) => <QualificationFailed key={each.datasetSlug} qualification={each} />);
  if (doneIn(tally) > 0) {
    return (
      <div className="stack gap-5">
        {notices}
        <SessionSummary tally={tally} title={t('reviews.empty.title')}>
          {write}
          <LinkButton to={paths.myReviews.to()}>{t('app.account.reviews')}</LinkButton>
          {again}
        </SessionSummary>
      </div>
    );
  }
  return (
    <div className="stack gap-5">
      {notices}
      <EmptyState
        title={t('reviews.empty.title')}
        action={
          <>
            {write}
            {again}
          </>
        }
      >
        {t(failed.length > 0 ? 'reviews.empty.meanwhile' : 'reviews.empty.text')}
      </EmptyState>
    </div>
  );
}

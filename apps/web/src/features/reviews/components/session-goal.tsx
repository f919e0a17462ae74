import { SegmentedControl } from '../../../components/choice.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { Meter } from '../../../components/progress.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { goals, type Goal } from '../session-goal.ts';

export type Progress = { done: number; goal: Goal; onGoal: (goal: Goal) => void };

/** How far one is on the way to what one meant to do. */
export function SessionGoal({ done, goal, onGoal }: Progress) {
  const t = useT();
  return (
    <div className="stack gap-2">
      {goal > 0 ? (
        <Meter label={t('reviews.goal.title')} value={done} max={goal} detail={t('reviews.goal.of', { done, goal })} />
      ) : (
        <p className="small soft">{t('reviews.session', { n: done })}</p>
      )}
      <Disclosure summary={t('reviews.goal.change')}>
        <SegmentedControl
          legend={t('reviews.goal.choose')}
          hideLegend
          value={goal}
          onChange={onGoal}
          options={goals.map((value) => ({ value, label: value === 0 ? t('reviews.goal.none') : String(value) }))}
        />
      </Disclosure>
    </div>
  );
}

/** The same in a few quiet words, where the meter is out of sight. */
export function GoalLine({ done, goal }: Pick<Progress, 'done' | 'goal'>) {
  const t = useT();
  if (goal === 0 && done === 0) return null;
  return (
    <span className="review-goal-line numeric small faint" aria-hidden>
      {goal > 0 ? t('reviews.goal.of', { done, goal }) : done}
    </span>
  );
}

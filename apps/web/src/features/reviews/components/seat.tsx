import { useEffect, useRef } from 'react';
import { Check, PencilLine, X } from 'lucide-react';
import { languageNames, type ReviewTask } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button } from '../../../components/button.tsx';
import { SegmentedControl } from '../../../components/choice.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import type { Asking, Desk, Shown } from '../desk.ts';
import { sayAgain, typedAgain } from '../say-again.ts';
import { rateNext, unrateLast } from '../typed.ts';
import { EarlierVerdict } from './earlier-verdict.tsx';
import { Qualifying } from './qualification-notice.tsx';
import { GoalLine, SessionGoal, type Progress } from './session-goal.tsx';
import { SkipMenu } from './skip-menu.tsx';
import { TaskView } from './task-view.tsx';
import { ChangesDialog, RejectDialog } from './verdict-dialogs.tsx';

type SeatProps = {
  desk: Desk;
  shown: Shown;
  asking: Asking | null;
  /** Something else has the keyboard. */
  paused: boolean;
  progress: Progress;
  qualifying: Parameters<typeof Qualifying>[0] | null;
  onFinish: () => void;
};
const scores = [1, 2, 3, 4, 5];

/** One task: what is to be read, and a key for each verdict. */
export function Seat({ desk, shown: { task, typed }, asking, paused, progress, qualifying, onFinish }: SeatProps) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // Newer browsers return a promise here, which must not be taken for the effect's clean-up.
    window.scrollTo({ top: 0 });
  }, []);
  const { ratings } = typed;
  const approve = () => desk.submit({ verdict: 'approve', ratings });
  const repeat = () => repeatEarlier(desk, task);
  const enabled = !paused && asking === null;
  const rateable = enabled && task.dimensions.length > 0;
  useShortcuts([
    { keys: 'a', label: t('reviews.approve'), run: approve, enabled },
    { keys: 'r', label: t('reviews.reject'), run: () => desk.ask('reject'), enabled },
    { keys: 'c', label: t('reviews.requestChanges'), run: () => desk.ask('request_changes'), enabled },
    { keys: 'e', label: t('reviews.earlier.again'), run: repeat, enabled: enabled && task.earlier !== null },
    { keys: 'f', label: t('reviews.finish'), run: onFinish, enabled },
    ...scores.map((score) => ({
      keys: String(score),
      label: t('reviews.rateWith', { score }),
      run: () => desk.type({ ratings: rateNext(task.dimensions, ratings, score) }),
      enabled: rateable,
    })),
    {
      keys: 'Backspace',
      label: t('reviews.unrate'),
      run: () => desk.type({ ratings: unrateLast(task.dimensions, ratings) }),
      enabled: rateable,
    },
  ]);
  const dialog = { typed, onType: desk.type, onClose: () => desk.ask(null), onSubmit: desk.submit };

  return (
    <>
      <div className="with-aside">
        <div className="stack gap-5">
          <div className="review-head">
            <h2 ref={heading} tabIndex={-1} className="review-kicker kicker">
              {task.category.title} · {languageNames[task.entry.language as keyof typeof languageNames] ?? task.entry.language}
            </h2>
            <GoalLine {...progress} />
          </div>
          {qualifying !== null && <Qualifying {...qualifying} />}
          {task.earlier !== null && <EarlierVerdict earlier={task.earlier} onRepeat={repeat} />}
          <TaskView task={task} />
        </div>
        <aside className="review-aside stack gap-5">
          {task.dimensions.map(({ slug, title, description }) => (
            <SegmentedControl
              key={slug}
              legend={title}
              hint={description}
              value={ratings[slug] ?? null}
              onChange={(score) => desk.type({ ratings: { ...ratings, [slug]: score } })}
              options={scores.map((value) => ({ value, label: String(value) }))}
            />
          ))}
          <Disclosure summary={t('reviews.guideline')}>
            <Markdown text={task.category.guideline} />
          </Disclosure>
          <SessionGoal {...progress} />
          <div>
            <Button size="small" variant="quiet" keys="f" onClick={onFinish}>
              {t('reviews.finish')}
            </Button>
          </div>
        </aside>
      </div>
      <ActionBar>
        <SkipMenu enabled={enabled} onSkip={desk.skip} />
        <Button icon={<X aria-hidden />} keys="r" onClick={() => desk.ask('reject')}>
          {t('reviews.reject')}
        </Button>
        <Button icon={<PencilLine aria-hidden />} keys="c" onClick={() => desk.ask('request_changes')}>
          {t('reviews.requestChanges')}
        </Button>
        <Button variant="primary" icon={<Check aria-hidden />} keys="a" onClick={approve}>
          {t('reviews.approve')}
        </Button>
      </ActionBar>
      <RejectDialog {...dialog} open={asking === 'reject'} joint={task.instruction !== null} />
      <ChangesDialog {...dialog} entryId={task.entry.id} open={asking === 'request_changes'} />
    </>
  );
}

/** Says the same as of the version before; what cannot be said again as it was is laid out in its dialog. */
function repeatEarlier(desk: Desk, task: ReviewTask): void {
  if (task.earlier === null) return;
  const again = sayAgain(task);
  if (again !== null) desk.submit(again);
  else {
    desk.type(typedAgain(task.earlier));
    desk.ask(task.earlier.verdict === 'reject' ? 'reject' : 'request_changes');
  }
}

import { useEffect, useRef, useState } from 'react';
import { Check, PencilLine, X } from 'lucide-react';
import { languageNames, type ReviewInput, type SkipReason } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button } from '../../../components/button.tsx';
import { SegmentedControl } from '../../../components/choice.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import type { ShownTask, Typed } from '../review-desk.ts';
import { sayAgain } from '../say-again.ts';
import { EarlierVerdict } from './earlier-verdict.tsx';
import { SessionProgress } from './session-progress.tsx';
import { SkipMenu } from './skip-menu.tsx';
import { TaskView } from './task-view.tsx';
import { ChangesDialog, RejectDialog } from './verdict-dialogs.tsx';

type SeatProps = {
  shown: ShownTask;
  /** Something else has the keyboard. */
  paused: boolean;
  progress: Parameters<typeof SessionProgress>[0];
  onSubmit: (input: ReviewInput, typed: Typed) => void;
  onSkip: (reason?: SkipReason) => void;
  onFinish: () => void;
};

/** One task: what is to be read, and a key for each verdict. */
export function Seat({ shown: { task, typed: before }, paused, progress, onSubmit, onSkip, onFinish }: SeatProps) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  const [typed, setTyped] = useState(before);
  const [asking, setAsking] = useState<'reject' | 'request_changes' | null>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // Newer browsers return a promise here, which must not be taken for the effect's clean-up.
    window.scrollTo({ top: 0 });
  }, []);

  const { ratings } = typed;
  const type = (changes: Partial<Typed>) => setTyped((now) => ({ ...now, ...changes }));
  const rate = (slug: string, score: number | null) =>
    setTyped((now) => {
      const { [slug]: _, ...others } = now.ratings;
      return { ...now, ratings: score === null ? others : { ...others, [slug]: score } };
    });
  const next = task.dimensions.find(({ slug }) => ratings[slug] === undefined) ?? task.dimensions.at(-1);
  const lastRated = task.dimensions.findLast(({ slug }) => ratings[slug] !== undefined);
  const submit = (input: ReviewInput) => onSubmit(input, typed);
  const approve = () => submit({ verdict: 'approve', ratings });
  const again = sayAgain(task);
  const repeat = again === null ? null : () => submit(again);
  const enabled = !paused && asking === null;
  useShortcuts([
    { keys: 'a', label: t('reviews.approve'), run: approve, enabled },
    { keys: 'r', label: t('reviews.reject'), run: () => setAsking('reject'), enabled },
    { keys: 'c', label: t('reviews.requestChanges'), run: () => setAsking('request_changes'), enabled },
    { keys: 'e', label: t('reviews.earlier.again'), run: () => repeat?.(), enabled: enabled && repeat !== null },
    { keys: 's', label: t('reviews.skip'), run: () => onSkip(), enabled },
    { keys: 'f', label: t('reviews.finish'), run: onFinish, enabled },
    ...[1, 2, 3, 4, 5].map((score) => ({
      keys: String(score),
      label: t('reviews.rateWith', { score }),
      run: () => next && rate(next.slug, score),
      enabled: enabled && next !== undefined,
    })),
    {
      keys: 'Backspace',
      label: t('reviews.unrate'),
      run: () => lastRated && rate(lastRated.slug, null),
      enabled: enabled && lastRated !== undefined,
    },
  ]);
  const dialog = { typed, onType: type, onClose: () => setAsking(null), onSubmit: submit };

  return (
    <>
      <div className="with-aside">
        <div className="stack gap-5">
          <h2 ref={heading} tabIndex={-1} className="review-kicker kicker">
            {task.category.title} · {languageNames[task.entry.language as keyof typeof languageNames] ?? task.entry.language}
          </h2>
          {task.earlier !== null && <EarlierVerdict earlier={task.earlier} onRepeat={repeat} />}
          <TaskView task={task} />
        </div>
        <aside className="review-aside stack gap-5">
          {task.dimensions.map((dimension) => (
            <SegmentedControl
              key={dimension.slug}
              legend={dimension.title}
              hint={dimension.description}
              value={ratings[dimension.slug] ?? null}
              onChange={(score) => rate(dimension.slug, score)}
              options={[1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) }))}
            />
          ))}
          <Disclosure summary={t('reviews.guideline')}>
            <Markdown text={task.category.guideline} />
          </Disclosure>
          <SessionProgress {...progress} />
          <div>
            <Button size="small" variant="quiet" keys="f" onClick={onFinish}>
              {t('reviews.finish')}
            </Button>
          </div>
        </aside>
      </div>
      <ActionBar>
        <SkipMenu onSkip={onSkip} />
        <Button icon={<X aria-hidden />} keys="r" onClick={() => setAsking('reject')}>
          {t('reviews.reject')}
        </Button>
        <Button icon={<PencilLine aria-hidden />} keys="c" onClick={() => setAsking('request_changes')}>
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

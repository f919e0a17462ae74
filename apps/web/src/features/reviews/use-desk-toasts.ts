import { useEffect, useRef, useState } from 'react';
import { toast } from '../../components/toast.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import type { Desk, DeskState, Lesson } from './desk.ts';

const undoMs = 10_000;

/** Says in passing what happens at a desk; answers with the lesson to be read, if there is one, and the way to close it. */
export function useDeskToasts(desk: Desk, state: DeskState): { open: Lesson | null; close: () => void } {
  useUndo(desk, state.last);
  useLost(state.lost);
  return useLessons(desk, state);
}

/** Offers to take the last verdict back, for ten seconds. */
function useUndo(desk: Desk, last: DeskState['last']): void {
  const t = useT();
  useShortcuts([{ keys: 'z', label: t('reviews.undo'), run: () => void desk.undo(), enabled: last !== null }]);
  const [n, verdict] = [last?.n, last?.verdict];
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

/** Whoever saw it as expected is told so in passing and may read why; all else is opened, one after another. */
function useLessons(desk: Desk, { lessons: [next], asking }: DeskState): { open: Lesson | null; close: () => void } {
  const t = useT();
  const [reread, setReread] = useState<Lesson | null>(null);
  const inPassing = next !== undefined && next.met && next.qualification === null;
  useEffect(() => {
    if (next === undefined || !inPassing) return;
    toast({
      tone: 'positive',
      text: t('reviews.lesson.metInPassing'),
      action: { label: t('reviews.lesson.why'), run: () => setReread(next) },
    });
    desk.closeLesson();
  }, [desk, next, inPassing, t]);
  // A verdict that is being written is finished first.
  const due = next === undefined || inPassing || asking !== null ? null : next;
  return { open: reread ?? due, close: () => (reread === null ? desk.closeLesson() : setReread(null)) };
}

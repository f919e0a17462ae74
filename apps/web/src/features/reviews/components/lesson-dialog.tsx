import { useEffect } from 'react';
import type { Qualification } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Notice } from '../../../components/notice.tsx';
import { isComposing } from '../../../lib/is-composing.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { Lesson } from '../desk.ts';
import { QualificationFailed } from './qualification-notice.tsx';

/** After a text whose right verdict was known: what it was, and why. */
export function LessonDialog({ lesson, onClose }: { lesson: Lesson | null; onClose: () => void }) {
  const t = useT();
  useEnter(lesson !== null, onClose);
  return (
    <Dialog
      open={lesson !== null}
      onClose={onClose}
      title={lesson === null ? '' : t(lesson.met ? 'reviews.lesson.met' : 'reviews.lesson.missed')}
      actions={
        <Button variant="primary" keys="Enter" onClick={onClose}>
          {t('reviews.lesson.close')}
        </Button>
      }
    >
      {lesson !== null && (
        <div className="stack">
          <p>
            {t(`reviews.lesson.said.${lesson.verdict}`)} {!lesson.met && t(`reviews.lesson.expected.${lesson.expected}`)}
            {lesson.reason !== null && ` ${t(`vocabulary.rejectReason.${lesson.reason}`)}`}
          </p>
          <blockquote className="review-lesson">{lesson.explanation}</blockquote>
          <p className="small soft">{t('reviews.lesson.text')}</p>
          {lesson.qualification !== null && <QualificationSoFar qualification={lesson.qualification} />}
        </div>
      )}
    </Dialog>
  );
}

/** Nothing is filled in here, so that Enter alone goes on; not when it is still held down from before, or meant for a link or button. */
function useEnter(enabled: boolean, run: () => void): void {
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const onControl = event.target instanceof Element && event.target.closest('a, button') !== null;
      if (event.key !== 'Enter' || event.repeat || event.defaultPrevented || isComposing(event) || onControl) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [enabled, run]);
}

function QualificationSoFar({ qualification }: { qualification: Qualification }) {
  const t = useT();
  const { state, items, answered, met } = qualification;
  if (state === 'failed') return <QualificationFailed qualification={qualification} />;
  if (state === 'passed') return <Notice tone="positive" title={t('reviews.qualification.passed')} />;
  return <p className="small soft">{t('reviews.qualification.far', { answered, items, met })}</p>;
}

import type { Qualification } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Notice } from '../../../components/notice.tsx';
import { DateText } from '../../../components/text-values.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { Lesson } from '../review-desk.ts';

/** After a text whose right verdict was known: what it was, and why. */
export function LessonDialog({
  lesson,
  qualification,
  onClose,
}: {
  lesson: Lesson | null;
  qualification: Qualification | null;
  onClose: () => void;
}) {
  const t = useT();
  return (
    <Dialog
      open={lesson !== null}
      onClose={onClose}
      title={lesson === null ? '' : t(lesson.met ? 'reviews.lesson.met' : 'reviews.lesson.missed')}
      actions={
        <Button variant="primary" onClick={onClose}>
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
          {qualification !== null && <QualificationNotice qualification={qualification} />}
        </div>
      )}
    </Dialog>
  );
}

/** How far somebody is with the qualification of a dataset. */
export function QualificationNotice({ qualification }: { qualification: Qualification }) {
  const t = useT();
  const { state, items, answered, met, needed, againAt } = qualification;
  if (state === 'passed') return <Notice tone="positive" title={t('reviews.qualification.passed')} />;
  if (state === 'failed')
    return (
      <Notice tone="warning" title={t('reviews.qualification.failed')}>
        {t('reviews.qualification.failedText', { met, needed })}{' '}
        {againAt !== null && (
          <>
            {t('reviews.qualification.again')} <DateText iso={againAt} withTime />
          </>
        )}
      </Notice>
    );
  return (
    <Notice title={t('reviews.qualification.title')}>
      {t('reviews.qualification.text', { items, needed })} {answered > 0 && t('reviews.qualification.far', { answered, items, met })}
    </Notice>
  );
}

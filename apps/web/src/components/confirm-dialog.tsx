import { useT } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';
import type { Question } from './confirm.tsx';
import { Dialog } from './dialog.tsx';

/** The question that is being asked, until it is answered. */
export default function ConfirmDialog({ question, onAnswer }: { question: Question; onAnswer: (yes: boolean) => void }) {
  const t = useT();
  return (
    <Dialog
      role="alertdialog"
      open
      onClose={() => onAnswer(false)}
      title={question.title}
      actions={
        <>
          <Button onClick={() => onAnswer(false)}>{question.cancelLabel ?? t('components.cancel')}</Button>
          <Button variant={question.danger ? 'danger' : 'primary'} onClick={() => onAnswer(true)}>
            {question.confirmLabel}
          </Button>
        </>
      }
    >
      {question.body}
    </Dialog>
  );
}

import { useState } from 'react';
import { limits, rejectReasons, type ReviewInput } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Checkbox, RadioGroup } from '../../../components/choice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';
import type { Typed } from '../typed.ts';

type Props = {
  open: boolean;
  typed: Typed;
  onType: (changes: Partial<Typed>) => void;
  onClose: () => void;
  onSubmit: (input: ReviewInput) => void;
};

/** Asks why something is turned down. */
export function RejectDialog({ open, joint, typed, onType, onClose, onSubmit }: Props & { joint: boolean }) {
  const t = useT();
  const { reason, note, keepInstruction, ratings } = typed;
  function send(): void {
    if (reason === null) return;
    const word = note.trim();
    onSubmit({ verdict: 'reject', reason, keepInstruction: joint && keepInstruction, ratings, ...(word === '' ? {} : { note: word }) });
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('reviews.rejectTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('reviews.back')}</Button>
          <Button variant="danger" disabled={reason === null} onClick={send}>
            {t('reviews.reject')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <RadioGroup
          legend={t('reviews.why')}
          value={reason}
          onChange={(chosen) => onType({ reason: chosen })}
          options={rejectReasons.map((value) => ({ value, label: t(`vocabulary.rejectReason.${value}`) }))}
        />
        {joint && (
          <Checkbox
            label={t('reviews.keepInstruction')}
            hint={t('reviews.keepInstructionHint')}
            checked={keepInstruction}
            onChange={(event) => onType({ keepInstruction: event.target.checked })}
          />
        )}
        <Field label={t('reviews.noteLabel')} hint={t('reviews.noteHint')} optional counter={{ length: note.length, max: limits.noteMax }}>
          <TextArea rows={3} maxLength={limits.noteMax} value={note} onChange={(event) => onType({ note: event.target.value })} />
        </Field>
      </div>
    </Dialog>
  );
}

/** Asks what should change. */
export function ChangesDialog({ open, entryId, typed: { changes, ratings }, onType, onClose, onSubmit }: Props & { entryId: string }) {
  const t = useT();
  const { user } = useSession();
  // The page of an entry under review is open to its author and to those with the role.
  const mayOpen = user !== null && user.role !== 'contributor';
  const [tried, setTried] = useState(false);
  const tooShort = changes.trim().length < limits.noteMin;
  function send(): void {
    setTried(true);
    if (!tooShort) onSubmit({ verdict: 'request_changes', note: changes.trim(), ratings });
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('reviews.changesTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('reviews.back')}</Button>
          <Button variant="primary" onClick={send}>
            {t('reviews.requestChanges')}
          </Button>
        </>
      }
    >
      <Field
        label={t('reviews.changesLabel')}
        hint={t('reviews.changesHint')}
        error={tried && tooShort ? t('reviews.changesShort') : undefined}
        counter={{ length: changes.length, max: limits.noteMax }}
      >
        <TextArea rows={5} maxLength={limits.noteMax} value={changes} onChange={(event) => onType({ changes: event.target.value })} />
      </Field>
      {mayOpen && (
        <p className="small">
          <a href={paths.proposeEdit.to(entryId)} target="_blank" rel="noopener">
            {t('reviews.proposeInstead')}
          </a>
        </p>
      )}
    </Dialog>
  );
}

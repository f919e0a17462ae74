import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { limits } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { isApiError } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useValidation } from '../../../lib/use-validation.ts';

const loadReason = async () => (await import('@granary/contract')).endpoints.moderation.retract.body;

type ReasonDialogProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What the act does and does not do. */
  text: string;
  /** Who will read the reason. */
  hint: string;
  submitLabel: string;
  /** The act takes something away. */
  danger?: boolean;
  /** Does it; a refusal is shown, and the reason stays as typed. */
  act: (reason: string) => Promise<unknown>;
  /** After the dialog has closed. */
  onDone: () => unknown;
  /** More to choose, before the reason. */
  children?: ReactNode;
};

/** Asks a moderator why, then acts. Every act of a moderator goes through it, for every act stands in the log with a reason. */
export function ReasonDialog({ open, onClose, title, text, hint, submitLabel, danger = false, act, onDone, children }: ReasonDialogProps) {
  const t = useT();
  const formId = useId();
  const [reason, setReason] = useState('');
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => {
      setReason('');
      onClose();
      void onDone();
    },
  });
  function close(): void {
    acting.reset();
    onClose();
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      actions={
        <>
          <Button onClick={close}>{t('moderation.cancel')}</Button>
          <Button variant={danger ? 'danger' : 'primary'} type="submit" form={formId} busy={acting.isPending}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <ReasonForm
        id={formId}
        text={text}
        hint={hint}
        reason={reason}
        onChange={setReason}
        error={acting.error}
        onSubmit={() => acting.isPending || acting.mutate(reason.trim())}
      >
        {children}
      </ReasonForm>
    </Dialog>
  );
}

type ReasonFormProps = Pick<ReasonDialogProps, 'text' | 'hint' | 'children'> & {
  id: string;
  reason: string;
  onChange: (reason: string) => void;
  error: Error | null;
  onSubmit: () => void;
};

/** Lives only while the dialog is open: the schema is fetched when somebody is about to act. */
function ReasonForm({ id, text, hint, reason, onChange, error, onSubmit, children }: ReasonFormProps) {
  const t = useT();
  const [left, setLeft] = useState(false);
  const found = useValidation(loadReason)({ reason }).reason;
  const refused = isApiError(error) ? error.fieldErrors.reason : undefined;
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setLeft(true);
    if (found === undefined) onSubmit();
    else event.currentTarget.querySelector('textarea')?.focus();
  }
  return (
    <form id={id} className="stack" noValidate onSubmit={submit}>
      <p className="soft">{text}</p>
      {children}
      <Field
        label={t('moderation.reason.label')}
        hint={hint}
        error={refused ?? (left ? found : undefined)}
        counter={{ length: reason.length, max: limits.reasonMax }}
      >
        <TextArea
          rows={3}
          maxLength={limits.reasonMax}
          value={reason}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => setLeft((before) => before || reason.trim() !== '')}
        />
      </Field>
      {error !== null && refused === undefined && <ErrorState error={error} />}
    </form>
  );
}

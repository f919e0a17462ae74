import { useId, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { limits, rejectReasons, verdicts, type CalibrationInput, type RejectReason, type Verdict } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { RadioGroup } from '../../../components/choice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Select, TextArea } from '../../../components/field.tsx';
import { isApiError } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

type FormProps = {
  open: boolean;
  onClose: () => void;
  /** What the fields begin with. */
  initial: { expected: Verdict; reason: RejectReason | null; explanation: string };
  submitLabel: string;
  /** Sends it; a refusal is shown and what was typed stays. */
  act: (input: CalibrationInput) => Promise<unknown>;
  onDone: () => unknown;
};

/** Asks a moderator which verdict a text deserves, and why: the words are for those who saw it otherwise. */
export function CalibrationForm({ open, onClose, initial, submitLabel, act, onDone }: FormProps) {
  const t = useT();
  const formId = useId();
  const [expected, setExpected] = useState(initial.expected);
  const [reason, setReason] = useState(initial.reason);
  const [explanation, setExplanation] = useState(initial.explanation);
  const [tried, setTried] = useState(false);
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => {
      onClose();
      void onDone();
    },
  });
  const errors = {
    reason: expected === 'reject' && reason === null ? t('calibration.reasonMissing') : undefined,
    explanation: explanation.trim().length < limits.noteMin ? t('calibration.explanationMissing') : undefined,
  };
  function close(): void {
    acting.reset();
    onClose();
  }
  function submit(): void {
    setTried(true);
    if (errors.reason !== undefined || errors.explanation !== undefined || acting.isPending) return;
    acting.mutate({ expected, explanation: explanation.trim(), ...(expected === 'reject' && reason !== null ? { reason } : {}) });
  }
  const refused = isApiError(acting.error) ? acting.error.fieldErrors : {};
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('calibration.formTitle')}
      actions={
        <>
          <Button onClick={close}>{t('calibration.cancel')}</Button>
          <Button variant="primary" type="submit" form={formId} busy={acting.isPending}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p className="soft">{t('calibration.formText')}</p>
        <RadioGroup
          legend={t('calibration.expected')}
          value={expected}
          onChange={setExpected}
          options={verdicts.map((value) => ({ value, label: t(`calibration.verdict.${value}`) }))}
        />
        {expected === 'reject' && (
          <Field label={t('calibration.reason')} error={refused['reason'] ?? (tried ? errors.reason : undefined)}>
            <Select value={reason ?? ''} onChange={(event) => setReason(rejectReasons.find((each) => each === event.target.value) ?? null)}>
              <option value="">{t('calibration.chooseReason')}</option>
              {rejectReasons.map((value) => (
                <option key={value} value={value}>
                  {t(`vocabulary.rejectReason.${value}`)}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <Field
          label={t('calibration.explanation')}
          hint={t('calibration.explanationHint')}
          error={refused['explanation'] ?? (tried ? errors.explanation : undefined)}
          counter={{ length: explanation.length, max: limits.noteMax }}
        >
          <TextArea rows={4} maxLength={limits.noteMax} value={explanation} onChange={(event) => setExplanation(event.target.value)} />
        </Field>
        {acting.error !== null && Object.keys(refused).length === 0 && <ErrorState error={acting.error} />}
      </form>
    </Dialog>
  );
}

import { useId, useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Flag } from 'lucide-react';
import { useLocation } from 'react-router';
import { flagReasons, limits, type FlagReason } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { RadioGroup } from '../../../components/choice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { toast } from '../../../components/toast.tsx';
import { paths } from '../../../config/paths.ts';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';

/** Lets a reader tell the moderators what is wrong with an entry; strangers are led to sign-in and back. */
export function FlagButton({ entryId }: { entryId: string }) {
  const t = useT();
  const { user, loading } = useSession();
  const { pathname, search } = useLocation();
  const [open, setOpen] = useState(false);
  if (loading) return null;
  const icon = <Flag aria-hidden />;
  if (user === null) {
    return (
      <LinkButton size="small" variant="quiet" icon={icon} to={paths.signIn.to({ next: pathname + search })}>
        {t('flags.open')}
      </LinkButton>
    );
  }
  return (
    <>
      <Button size="small" variant="quiet" icon={icon} onClick={() => setOpen(true)}>
        {t('flags.open')}
      </Button>
      <FlagDialog entryId={entryId} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function FlagDialog({ entryId, open, onClose }: { entryId: string; open: boolean; onClose: () => void }) {
  const t = useT();
  const formId = useId();
  const [reason, setReason] = useState<FlagReason | null>(null);
  const [reasonMissing, setReasonMissing] = useState(false);
  const [note, setNote] = useState('');
  const flag = useMutation({
    mutationFn: (chosen: FlagReason) =>
      callApi(endpoints.moderation.flag, {
        params: { id: entryId },
        body: { reason: chosen, ...(note.trim() === '' ? {} : { note: note.trim() }) },
      }),
    onSuccess: () => {
      setReason(null);
      setNote('');
      onClose();
      toast({ tone: 'positive', text: t('flags.thanks') });
    },
  });
  const { noteError, otherError } = split(flag.error);
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setReasonMissing(reason === null);
    if (reason === null) event.currentTarget.querySelector('input')?.focus();
    else if (!flag.isPending) flag.mutate(reason);
  }
  function close(): void {
    // What was typed stays; an old refusal does not.
    flag.reset();
    setReasonMissing(false);
    onClose();
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('flags.title')}
      actions={
        <>
          <Button onClick={close}>{t('flags.cancel')}</Button>
          <Button variant="primary" type="submit" form={formId} busy={flag.isPending}>
            {t('flags.send')}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" noValidate onSubmit={submit}>
        <p className="soft">{t('flags.text')}</p>
        <RadioGroup
          legend={t('flags.legend')}
          value={reason}
          onChange={(chosen) => {
            setReason(chosen);
            setReasonMissing(false);
          }}
          options={flagReasons.map((value) => ({ value, label: t(`vocabulary.flagReason.${value}`) }))}
          error={reasonMissing && t('flags.missing')}
        />
        <Field
          label={t('flags.note')}
          hint={t('flags.noteHint')}
          error={noteError}
          optional
          counter={{ length: note.length, max: limits.noteMax }}
        >
          <TextArea rows={3} maxLength={limits.noteMax} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
        {isApiError(otherError, 'already_exists') ? (
          <Notice tone="warning" live title={t('flags.already')}>
            {t('flags.alreadyText')}
          </Notice>
        ) : (
          otherError !== null && <ErrorState error={otherError} />
        )}
      </form>
    </Dialog>
  );
}

/** What the server said about the note belongs under the note. */
function split(error: Error | null): { noteError: string | undefined; otherError: Error | null } {
  const noteError = isApiError(error) ? error.fieldErrors.note : undefined;
  return { noteError, otherError: noteError === undefined ? error : null };
}

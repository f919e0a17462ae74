import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { limits } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** Lets an author take back what they wrote. */
export function RetractButton({ entryId }: { entryId: string }) {
  const t = useT();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const retract = useMutation({
    mutationFn: () => callApi(endpoints.entries.retract, { params: { id: entryId }, body: { reason } }),
    onSuccess: async () => {
      setOpen(false);
      toast({ tone: 'positive', text: t('conversation.retract.done') });
      await Promise.all(
        [endpoints.entries.get, endpoints.entries.mine, endpoints.pairs.list].map((endpoint) =>
          client.invalidateQueries({ queryKey: apiQueryKey(endpoint) }),
        ),
      );
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    retract.mutate();
  }
  return (
    <>
      <Button size="small" variant="quiet" icon={<Undo2 aria-hidden />} onClick={() => setOpen(true)}>
        {t('conversation.retract.open')}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('conversation.retract.title')}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{t('conversation.retract.keep')}</Button>
            <Button variant="danger" type="submit" form="retract-form" busy={retract.isPending}>
              {t('conversation.retract.submit')}
            </Button>
          </>
        }
      >
        <form id="retract-form" className="stack gap-3" onSubmit={submit}>
          <p>{t('conversation.retract.text')}</p>
          <Field label={t('conversation.retract.reason')} optional>
            <TextArea value={reason} maxLength={limits.reasonMax} rows={2} onChange={(event) => setReason(event.target.value)} />
          </Field>
          {retract.isError && <ErrorState error={retract.error} />}
        </form>
      </Dialog>
    </>
  );
}

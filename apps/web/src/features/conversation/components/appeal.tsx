import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import { limits, type Appeal } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** What the author said against a decision, and what came of it. */
export function AppealNotice({ appeal }: { appeal: Appeal }) {
  const t = useT();
  return (
    <Notice tone={appeal.status === 'upheld' ? 'positive' : 'info'} title={t(`conversation.appeal.status.${appeal.status}`)}>
      <blockquote>{appeal.reason}</blockquote>
      <p className="small soft">
        <RelativeTime iso={appeal.closedAt ?? appeal.createdAt} />
      </p>
    </Notice>
  );
}

/** Lets an author object to a decision: once, with a reason. */
export function AppealButton({ entryId }: { entryId: string }) {
  const t = useT();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const missing = reason.trim().length < limits.reasonMin;
  const appeal = useMutation({
    mutationFn: () => callApi(endpoints.entries.appeal, { params: { id: entryId }, body: { reason: reason.trim() } }),
    onSuccess: async () => {
      setOpen(false);
      toast({ tone: 'positive', text: t('conversation.appeal.done') });
      await Promise.all(
        [endpoints.entries.get, endpoints.entries.mine].map((endpoint) => client.invalidateQueries({ queryKey: apiQueryKey(endpoint) })),
      );
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (!missing && !appeal.isPending) appeal.mutate();
  }
  return (
    <>
      <Button size="small" icon={<Scale aria-hidden />} onClick={() => setOpen(true)}>
        {t('conversation.appeal.open')}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('conversation.appeal.title')}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{t('conversation.appeal.leave')}</Button>
            <Button variant="primary" type="submit" form="appeal-form" busy={appeal.isPending}>
              {t('conversation.appeal.submit')}
            </Button>
          </>
        }
      >
        <form id="appeal-form" className="stack gap-3" noValidate onSubmit={submit}>
          <p>{t('conversation.appeal.text')}</p>
          <Field
            label={t('conversation.appeal.reason')}
            hint={t('conversation.appeal.reasonHint')}
            error={tried && missing ? t('conversation.appeal.reasonMissing') : undefined}
            counter={{ length: reason.length, max: limits.reasonMax }}
          >
            <TextArea value={reason} maxLength={limits.reasonMax} rows={4} onChange={(event) => setReason(event.target.value)} />
          </Field>
          {appeal.isError && <ErrorState error={appeal.error} />}
        </form>
      </Dialog>
    </>
  );
}

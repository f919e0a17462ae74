import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Flag } from 'lucide-react';
import { useLocation, useNavigate } from 'react-router';
import { flagReasons, limits, type FlagReason } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { RadioGroup } from '../../../components/choice.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { paths } from '../../../config/paths.ts';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';
import { useKeptReport } from '../use-kept-report.ts';
import './rows.css';

/** The anchor of the form: links may lead to it. */
export const reportAnchor = 'report';
type Props = { slug: string; number: number; id: string };

/** Tells the moderators what is wrong with a published row. Strangers may fill it in; it waits for them while they sign in. */
export function ReportForm({ slug, number, id }: Props) {
  const t = useT();
  const { user, loading } = useSession();
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const { report, change, forget } = useKeptReport(`${slug}/${number}/${id}`);
  const [reasonMissing, setReasonMissing] = useState(false);
  const flag = useMutation({
    mutationFn: (reason: FlagReason) =>
      callApi(endpoints.snapshotRows.report, {
        params: { slug, number, id },
        body: { reason, ...(report.note.trim() === '' ? {} : { note: report.note.trim() }) },
      }),
    onSuccess: forget,
  });
  useEffect(() => {
    if (hash !== `#${reportAnchor}` || !form.current) return;
    form.current.scrollIntoView({ block: 'center' });
    form.current.querySelector('input')?.focus({ preventScroll: true });
  }, [hash]);
  const noteError = isApiError(flag.error) ? flag.error.fieldErrors['note'] : undefined;
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setReasonMissing(report.reason === null);
    if (report.reason === null) event.currentTarget.querySelector('input')?.focus();
    else if (user === null) void navigate(paths.signIn.to({ next: `${pathname}#${reportAnchor}` }));
    else if (!flag.isPending) flag.mutate(report.reason);
  }
  if (flag.isSuccess)
    return (
      <Notice tone="positive" live title={t('rows.report.thanks')}>
        {t('rows.report.thanksText')}
      </Notice>
    );
  return (
    <form ref={form} id={reportAnchor} className="stack measure" noValidate onSubmit={submit}>
      <p className="soft">{t('rows.report.text')}</p>
      <RadioGroup
        legend={t('rows.report.legend')}
        value={report.reason}
        onChange={(reason) => {
          change({ reason });
          setReasonMissing(false);
        }}
        options={flagReasons.map((value) => ({ value, label: t(`vocabulary.flagReason.${value}`) }))}
        error={reasonMissing && t('rows.report.missing')}
      />
      <Field
        label={t('rows.report.note')}
        hint={t('rows.report.noteHint')}
        error={noteError}
        optional
        counter={{ length: report.note.length, max: limits.noteMax }}
      >
        <TextArea rows={3} maxLength={limits.noteMax} value={report.note} onChange={(event) => change({ note: event.target.value })} />
      </Field>
      {!loading && user === null && <p className="small soft">{t('rows.report.signIn')}</p>}
      {isApiError(flag.error, 'already_exists') ? (
        <Notice tone="warning" live title={t('rows.report.already')}>
          {t('rows.report.alreadyText')}
        </Notice>
      ) : (
        flag.error !== null && noteError === undefined && <ErrorState error={flag.error} />
      )}
      <div>
        <Button type="submit" icon={<Flag aria-hidden />} busy={flag.isPending}>
          {t(!loading && user === null ? 'rows.report.signInAndSend' : 'rows.report.send')}
        </Button>
      </div>
    </form>
  );
}

import { useId, useState } from 'react';
import { Crosshair } from 'lucide-react';
import type { EntryPage, Verdict } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { CalibrationForm } from './calibration-form.tsx';
import { ItemActs, useItemsRefresh } from './item-acts.tsx';
import { ItemFacts } from './item-facts.tsx';
import './calibration.css';

const verdictOf: Partial<Record<EntryPage['entry']['status'], Verdict>> = {
  approved: 'approve',
  rejected: 'reject',
  changes_requested: 'request_changes',
};

/** On an entry's page, for moderators: make it a calibration item, or see and change the one it is. */
export function EntryCalibration({ page: { entry, calibration, can, reviews } }: { page: EntryPage }) {
  const t = useT();
  const id = useId();
  const refresh = useItemsRefresh();
  const [open, setOpen] = useState(false);
  if (calibration === null && !can.calibrate) return null;
  const expected = verdictOf[entry.status] ?? 'approve';
  const reason = expected === 'reject' ? (reviews.findLast((review) => review.reason !== null)?.reason ?? null) : null;
  return (
    <section className="calibration-entry" aria-labelledby={id}>
      <h2 id={id} className="kicker">
        {t('calibration.title')}
      </h2>
      {calibration !== null ? (
        <>
          <ItemFacts item={calibration} />
          <ItemActs item={calibration} />
        </>
      ) : (
        <>
          <p className="small soft">{t('calibration.markHint')}</p>
          <div>
            <Button size="small" icon={<Crosshair aria-hidden />} onClick={() => setOpen(true)}>
              {t('calibration.mark')}
            </Button>
          </div>
          <CalibrationForm
            open={open}
            onClose={() => setOpen(false)}
            initial={{ expected, reason, explanation: '' }}
            submitLabel={t('calibration.mark')}
            act={(body) => callApi(endpoints.calibration.mark, { params: { id: entry.id }, body })}
            onDone={async () => {
              toast({ tone: 'positive', text: t('calibration.marked') });
              await refresh();
            }}
          />
        </>
      )}
    </section>
  );
}

import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Archive, PencilLine } from 'lucide-react';
import type { CalibrationItem } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { useConfirm } from '../../../components/confirm.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { CalibrationForm } from './calibration-form.tsx';

/** Loads anew what shows an item; settled once what is on the page is true again. */
export function useItemsRefresh(): () => Promise<void> {
  const client = useQueryClient();
  const shown = [endpoints.calibration.list, endpoints.entries.get, endpoints.moderation.events];
  return async () => {
    await Promise.all(shown.map((endpoint) => client.invalidateQueries({ queryKey: apiQueryKey(endpoint) })));
  };
}

/** What a moderator can do with an item that is in use. */
export function ItemActs({ item }: { item: CalibrationItem }) {
  const t = useT();
  const refresh = useItemsRefresh();
  const confirm = useConfirm();
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function retire(): Promise<void> {
    const question = { title: t('calibration.retireTitle'), body: t('calibration.retireText'), confirmLabel: t('calibration.retire') };
    if (!(await confirm(question))) return;
    try {
      await callApi(endpoints.calibration.retire, { params: { id: item.id } });
      toast({ tone: 'positive', text: t('calibration.retired') });
    } catch (thrown) {
      setError(thrown);
    }
    await refresh();
  }
  return (
    <>
      {error !== null && <ErrorState error={error} />}
      <div className="cluster gap-2">
        <Button size="small" icon={<PencilLine aria-hidden />} onClick={() => setOpen(true)}>
          {t('calibration.change')}
        </Button>
        <Button size="small" variant="quiet" icon={<Archive aria-hidden />} onClick={() => void retire()}>
          {t('calibration.retire')}
        </Button>
      </div>
      <CalibrationForm
        key={`${item.expected}${item.reason}${item.explanation}`}
        open={open}
        onClose={() => setOpen(false)}
        initial={item}
        submitLabel={t('calibration.save')}
        act={(body) => callApi(endpoints.calibration.change, { params: { id: item.id }, body })}
        onDone={async () => {
          toast({ tone: 'positive', text: t('calibration.changed') });
          await refresh();
        }}
      />
    </>
  );
}

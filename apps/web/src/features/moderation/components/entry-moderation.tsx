import { useId, useState } from 'react';
import { Check, RotateCcw, ScrollText, Undo2, X, type LucideIcon } from 'lucide-react';
import type { Entry, EntryStatus } from '@granary/contract';
import { Button, LinkButton } from '../../../components/button.tsx';
import { toast } from '../../../components/toast.tsx';
import { paths } from '../../../config/paths.ts';
import { callApi, endpoints } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';
import { useRefresh } from '../use-refresh.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import './moderation.css';

export type EntryAct = 'approve' | 'reject' | 'retract' | 'restore';

const actsOf: Record<EntryStatus, readonly EntryAct[]> = {
  in_review: ['retract'],
  approved: ['retract'],
  rejected: ['retract'],
  changes_requested: ['retract'],
  retracted: ['restore'],
};
const icons: Record<EntryAct, LucideIcon> = { approve: Check, reject: X, retract: Undo2, restore: RotateCcw };

/** What a moderator can do with an entry, as its status allows, and the way to its event log. `decides`: its reviews agree on nothing. */
export function EntryModeration({ entry, decides }: { entry: Entry; decides: boolean }) {
  const t = useT();
  const id = useId();
  return (
    <section className="moderation-entry" aria-labelledby={id}>
      <h2 id={id} className="kicker">
        {t('moderation.title')}
      </h2>
      <div className="cluster gap-2">
        <EntryActs entry={entry} acts={decides ? ['approve', 'reject', ...actsOf[entry.status]] : actsOf[entry.status]} />
        <LinkButton size="small" variant="quiet" icon={<ScrollText aria-hidden />} to={paths.eventLog.to({ entryId: entry.id })}>
          {t('moderation.log.title')}
        </LinkButton>
      </div>
    </section>
  );
}

/** A button per act, each of which asks for the reason. Nobody decides on an entry of their own. */
export function EntryActs({ entry, acts, onDone }: { entry: Entry; acts: readonly EntryAct[]; onDone?: () => void }) {
  const t = useT();
  const { user } = useSession();
  const refresh = useRefresh('entry');
  // The words of the dialog stay while it closes; which act it is about only changes when another is chosen.
  const [chosen, setChosen] = useState<EntryAct>('retract');
  const [open, setOpen] = useState(false);
  const isOwn = user !== null && entry.author?.id === user.id;
  const offered = acts.filter((act) => !(isOwn && (act === 'approve' || act === 'reject')));
  return (
    <>
      {offered.map((act) => {
        const Icon = icons[act];
        return (
          <Button
            key={act}
            size="small"
            icon={<Icon aria-hidden />}
            onClick={() => {
              setChosen(act);
              setOpen(true);
            }}
          >
            {t(`moderation.act.${act}`)}
          </Button>
        );
      })}
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={t(`moderation.ask.${chosen}`)}
        text={t(`moderation.text.${chosen}`)}
        hint={t('moderation.reason.public')}
        submitLabel={t(`moderation.do.${chosen}`)}
        danger={chosen === 'retract' || chosen === 'reject'}
        act={(reason) => perform(entry.id, chosen, reason)}
        onDone={async () => {
          toast({ tone: 'positive', text: t(`moderation.done.${chosen}`) });
          await refresh();
          onDone?.();
        }}
      />
    </>
  );
}

function perform(id: string, act: EntryAct, reason: string): Promise<Entry> {
  const { decide, retract, restore } = endpoints.moderation;
  switch (act) {
    case 'approve':
    case 'reject':
      return callApi(decide, { params: { id }, body: { verdict: act, reason } });
    case 'retract':
      return callApi(retract, { params: { id }, body: { reason } });
    case 'restore':
      return callApi(restore, { params: { id }, body: { reason } });
  }
}

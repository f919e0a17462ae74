import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Check, Undo2, X } from 'lucide-react';
import { limits, type Entry, type EntryPage, type Proposal } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Section } from '../../../components/section.tsx';
import { TextDiff } from '../../../components/diff/text-diff.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { AuthorName } from './author-name.tsx';

/** Edits that others suggest, each with the words it changes: the author takes one over or not. */
export function Proposals({ page }: { page: EntryPage }) {
  const t = useT();
  if (page.proposals.length === 0) return null;
  return (
    <Section title={t('conversation.proposals')}>
      <ol className="decisions">
        {page.proposals.map((proposal) => (
          <ProposalLine key={proposal.id} proposal={proposal} page={page} />
        ))}
      </ol>
    </Section>
  );
}

function ProposalLine({ proposal, page: { entry, path, can } }: { proposal: Proposal; page: EntryPage }) {
  const t = useT();
  const parent = path.at(-1) ?? null;
  const instruction = entry.role === 'instruction' ? entry : parent;
  const { status, mine } = proposal;
  return (
    <li className="stack gap-2">
      <p className="cluster gap-2">
        <strong>{t(`conversation.proposal.status.${status}`)}</strong>
        {proposal.proposer !== null && <AuthorName author={proposal.proposer} origin={null} />}
        <span className="small faint">
          <RelativeTime iso={proposal.createdAt} />
        </span>
      </p>
      <blockquote>{proposal.note}</blockquote>
      {status === 'open' && (
        <>
          <Change label={t('conversation.role.instruction')} before={instruction} after={proposal.instruction?.text} />
          <Change
            label={t('conversation.role.response')}
            before={entry.role === 'response' ? entry : null}
            after={proposal.response?.text}
          />
        </>
      )}
      {proposal.reason !== null && <p className="soft">{proposal.reason}</p>}
      {status === 'open' && (can.judgeProposals ? <Judgement id={proposal.id} /> : mine && <Withdrawal id={proposal.id} />)}
    </li>
  );
}

function Change({ label, before, after }: { label: string; before: Entry | null; after: string | undefined }) {
  if (before === null || after === undefined || after === before.revision.text) return null;
  return (
    <div className="turn-context">
      <div className="kicker">{label}</div>
      <TextDiff before={before.revision.text} after={after} lang={before.language} />
    </div>
  );
}

/** Does one of the acts on a proposal; what is on the page is true again when it is settled. */
function useAct(): { busy: boolean; error: unknown; act: (done: string, work: () => Promise<unknown>) => Promise<boolean> } {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const shown = [endpoints.entries.get, endpoints.entries.mine, endpoints.entries.myProposals, endpoints.pairs.list];
  async function act(done: string, work: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await work();
      toast({ tone: 'positive', text: done });
      return true;
    } catch (thrown) {
      setError(thrown);
      return false;
    } finally {
      await Promise.all(shown.map((endpoint) => client.invalidateQueries({ queryKey: apiQueryKey(endpoint) })));
      setBusy(false);
    }
  }
  return { busy, error, act };
}

function Judgement({ id }: { id: string }) {
  const t = useT();
  const { busy, error, act } = useAct();
  const [declining, setDeclining] = useState(false);
  const [reason, setReason] = useState('');
  const params = { id };
  async function decline(): Promise<void> {
    const done = await act(t('conversation.proposal.declined'), () =>
      callApi(endpoints.entries.declineProposal, { params, body: { reason: reason.trim() } }),
    );
    if (done) setDeclining(false);
  }
  return (
    <>
      <div className="cluster gap-2">
        <Button
          size="small"
          variant="primary"
          icon={<Check aria-hidden />}
          busy={busy}
          onClick={() => void act(t('conversation.proposal.accepted'), () => callApi(endpoints.entries.acceptProposal, { params }))}
        >
          {t('conversation.proposal.accept')}
        </Button>
        <Button size="small" icon={<X aria-hidden />} busy={busy} onClick={() => setDeclining(true)}>
          {t('conversation.proposal.decline')}
        </Button>
      </div>
      <p className="small soft">{t('conversation.proposal.hint')}</p>
      {error !== null && <ErrorState error={error} />}
      <Dialog
        open={declining}
        onClose={() => setDeclining(false)}
        title={t('conversation.proposal.declineTitle')}
        actions={
          <>
            <Button onClick={() => setDeclining(false)}>{t('conversation.appeal.leave')}</Button>
            <Button variant="primary" busy={busy} onClick={() => void decline()}>
              {t('conversation.proposal.decline')}
            </Button>
          </>
        }
      >
        <Field label={t('conversation.proposal.why')} optional counter={{ length: reason.length, max: limits.reasonMax }}>
          <TextArea value={reason} maxLength={limits.reasonMax} rows={3} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </Dialog>
    </>
  );
}

function Withdrawal({ id }: { id: string }) {
  const t = useT();
  const { busy, error, act } = useAct();
  return (
    <>
      <div>
        <Button
          size="small"
          variant="quiet"
          icon={<Undo2 aria-hidden />}
          busy={busy}
          onClick={() =>
            void act(t('conversation.proposal.withdrawn'), () => callApi(endpoints.entries.withdrawProposal, { params: { id } }))
          }
        >
          {t('conversation.proposal.withdraw')}
        </Button>
      </div>
      {error !== null && <ErrorState error={error} />}
    </>
  );
}

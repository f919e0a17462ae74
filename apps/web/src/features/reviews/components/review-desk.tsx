import { useEffect, useRef, useState } from 'react';
import { Check, PencilLine, SkipForward, X } from 'lucide-react';
import { languageNames, limits, rejectReasons, type RejectReason, type ReviewInput, type ReviewTask } from '@granary/contract';
import { ActionBar } from '../../../components/action-bar.tsx';
import { Button, LinkButton } from '../../../components/button.tsx';
import { Checkbox, RadioGroup, SegmentedControl } from '../../../components/choice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { PageSkeleton } from '../../../components/skeleton.tsx';
import { toast } from '../../../components/toast.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { useReviewDesk, type Wish } from '../use-review-desk.ts';
import { TaskView } from './task-view.tsx';
import './review-desk.css';

/** The review desk: one entry at a time, one key per verdict. */
export function ReviewDesk({ wish }: { wish: Wish }) {
  const t = useT();
  const desk = useReviewDesk(wish);
  const { last } = desk;
  const undo = useRef(desk.undo);
  undo.current = desk.undo;
  useEffect(() => {
    if (last === null) return;
    return toast({
      text: t(`reviews.given.${last.verdict}`),
      tone: 'positive',
      action: { label: t('reviews.undo'), keys: 'z', run: () => void undo.current() },
    });
  }, [last, t]);
  useShortcuts([{ keys: 'z', label: t('reviews.undo'), run: () => void desk.undo(), enabled: last !== null && !desk.busy }]);

  return (
    <>
      {desk.error !== null && <ErrorState error={desk.error} />}
      {desk.state.kind === 'loading' && <PageSkeleton />}
      {desk.state.kind === 'failed' && <ErrorState error={desk.state.error} onRetry={desk.retry} />}
      {desk.state.kind === 'empty' && (
        <EmptyState
          title={t('reviews.empty.title')}
          action={
            <>
              <LinkButton variant="primary" to={paths.contribute.to()}>
                {t('reviews.empty.write')}
              </LinkButton>
              <Button onClick={() => void desk.retry()}>{t('reviews.empty.again')}</Button>
            </>
          }
        >
          {desk.done > 0 ? t('reviews.empty.done', { n: desk.done }) : t('reviews.empty.text')}
        </EmptyState>
      )}
      {desk.state.kind === 'task' && (
        <Seat key={desk.state.task.id} task={desk.state.task} busy={desk.busy} onSubmit={desk.submit} onSkip={desk.skip} done={desk.done} />
      )}
    </>
  );
}

type SeatProps = {
  task: ReviewTask;
  busy: boolean;
  done: number;
  onSubmit: (input: ReviewInput) => Promise<void>;
  onSkip: () => Promise<void>;
};

function Seat({ task, busy, done, onSubmit, onSkip }: SeatProps) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  const [ratings, setRatings] = useState<Record<string, number>>({});
  const [asking, setAsking] = useState<'reject' | 'request_changes' | null>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    // Newer browsers return a promise here, which must not be taken for the effect's clean-up.
    window.scrollTo({ top: 0 });
  }, []);

  const rated = task.dimensions.find(({ slug }) => ratings[slug] === undefined) ?? task.dimensions.at(-1);
  const approve = () => void onSubmit({ verdict: 'approve', ratings });
  const enabled = !busy && asking === null;
  useShortcuts([
    { keys: 'a', label: t('reviews.approve'), run: approve, enabled },
    { keys: 'r', label: t('reviews.reject'), run: () => setAsking('reject'), enabled },
    { keys: 'c', label: t('reviews.requestChanges'), run: () => setAsking('request_changes'), enabled },
    { keys: 's', label: t('reviews.skip'), run: () => void onSkip(), enabled },
    ...[1, 2, 3, 4, 5].map((score) => ({
      keys: String(score),
      label: t('reviews.rateWith', { score }),
      run: () => rated && setRatings((before) => ({ ...before, [rated.slug]: score })),
      enabled: enabled && rated !== undefined,
    })),
  ]);

  return (
    <>
      <div className="with-aside">
        <div className="stack gap-5">
          <h2 ref={heading} tabIndex={-1} className="review-kicker kicker">
            {task.category.title} · {languageNames[task.entry.language as keyof typeof languageNames] ?? task.entry.language}
          </h2>
          <TaskView task={task} />
        </div>
        <aside className="review-aside stack gap-5">
          {task.dimensions.map((dimension) => (
            <SegmentedControl
              key={dimension.slug}
              legend={dimension.title}
              hint={dimension.description}
              value={ratings[dimension.slug] ?? null}
              onChange={(score) => setRatings((before) => ({ ...before, [dimension.slug]: score }))}
              options={[1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) }))}
            />
          ))}
          <Disclosure summary={t('reviews.guideline')}>
            <Markdown text={task.category.guideline} />
          </Disclosure>
          {done > 0 && <p className="small faint">{t('reviews.session', { n: done })}</p>}
        </aside>
      </div>
      <ActionBar>
        <Button icon={<SkipForward className="turns" aria-hidden />} variant="quiet" keys="s" disabled={busy} onClick={() => void onSkip()}>
          {t('reviews.skip')}
        </Button>
        <Button icon={<X aria-hidden />} keys="r" disabled={busy} onClick={() => setAsking('reject')}>
          {t('reviews.reject')}
        </Button>
        <Button icon={<PencilLine aria-hidden />} keys="c" disabled={busy} onClick={() => setAsking('request_changes')}>
          {t('reviews.requestChanges')}
        </Button>
        <Button variant="primary" icon={<Check aria-hidden />} keys="a" busy={busy} onClick={approve}>
          {t('reviews.approve')}
        </Button>
      </ActionBar>
      <RejectDialog
        open={asking === 'reject'}
        joint={task.instruction !== null}
        onClose={() => setAsking(null)}
        onSubmit={(input) => onSubmit({ ...input, ratings })}
      />
      <ChangesDialog
        open={asking === 'request_changes'}
        onClose={() => setAsking(null)}
        onSubmit={(note) => onSubmit({ verdict: 'request_changes', note, ratings })}
      />
    </>
  );
}

type Rejection = { verdict: 'reject'; reason: RejectReason; note?: string; keepInstruction: boolean };

function RejectDialog({
  open,
  joint,
  onClose,
  onSubmit,
}: {
  open: boolean;
  joint: boolean;
  onClose: () => void;
  onSubmit: (input: Rejection) => Promise<void>;
}) {
  const t = useT();
  const [reason, setReason] = useState<RejectReason | null>(null);
  const [note, setNote] = useState('');
  const [keepInstruction, setKeep] = useState(false);
  const [sending, setSending] = useState(false);
  async function send() {
    if (reason === null) return;
    setSending(true);
    await onSubmit({ verdict: 'reject', reason, keepInstruction: joint && keepInstruction, ...(note.trim() === '' ? {} : { note }) });
    setSending(false);
    onClose();
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('reviews.rejectTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('reviews.back')}</Button>
          <Button variant="danger" disabled={reason === null} busy={sending} onClick={() => void send()}>
            {t('reviews.reject')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <RadioGroup
          legend={t('reviews.why')}
          value={reason}
          onChange={setReason}
          options={rejectReasons.map((value) => ({ value, label: t(`vocabulary.rejectReason.${value}`) }))}
        />
        {joint && (
          <Checkbox
            label={t('reviews.keepInstruction')}
            hint={t('reviews.keepInstructionHint')}
            checked={keepInstruction}
            onChange={(event) => setKeep(event.target.checked)}
          />
        )}
        <Field label={t('reviews.noteLabel')} hint={t('reviews.noteHint')} optional counter={{ length: note.length, max: limits.noteMax }}>
          <TextArea rows={3} maxLength={limits.noteMax} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}

function ChangesDialog({ open, onClose, onSubmit }: { open: boolean; onClose: () => void; onSubmit: (note: string) => Promise<void> }) {
  const t = useT();
  const [note, setNote] = useState('');
  const [sending, setSending] = useState(false);
  const tooShort = note.trim().length < limits.noteMin;
  async function send() {
    setSending(true);
    await onSubmit(note.trim());
    setSending(false);
    onClose();
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('reviews.changesTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('reviews.back')}</Button>
          <Button variant="primary" disabled={tooShort} busy={sending} onClick={() => void send()}>
            {t('reviews.requestChanges')}
          </Button>
        </>
      }
    >
      <Field label={t('reviews.changesLabel')} hint={t('reviews.changesHint')} counter={{ length: note.length, max: limits.noteMax }}>
        <TextArea rows={5} maxLength={limits.noteMax} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </Dialog>
  );
}

import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import { useT } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

type Question = {
  title: string;
  body?: ReactNode;
  /** Names the act ("Retract entry"), never "OK". */
  confirmLabel: string;
  cancelLabel?: string;
  /** The act destroys or takes away something. */
  danger?: boolean;
};
type Ask = (question: Question) => Promise<boolean>;
const ConfirmContext = createContext<Ask>(() => Promise.resolve(false));

/** `const confirm = useConfirm(); if (await confirm({ title, confirmLabel })) …` */
export function useConfirm(): Ask {
  return use(ConfirmContext);
}

/** Shows the questions that `useConfirm` asks. Once, in the shell. */
export function ConfirmProvider({ children }: { children: ReactNode }) {
  const t = useT();
  const [asked, setAsked] = useState<(Question & { answer: (yes: boolean) => void }) | null>(null);
  const ask = useCallback<Ask>((question) => new Promise((resolve) => setAsked({ ...question, answer: resolve })), []);
  const answer = useMemo(
    () => (yes: boolean) => {
      asked?.answer(yes);
      setAsked(null);
    },
    [asked],
  );
  return (
    <ConfirmContext value={ask}>
      {children}
      <Dialog
        role="alertdialog"
        open={asked !== null}
        onClose={() => answer(false)}
        title={asked?.title}
        actions={
          <>
            <Button onClick={() => answer(false)}>{asked?.cancelLabel ?? t('components.cancel')}</Button>
            <Button variant={asked?.danger ? 'danger' : 'primary'} onClick={() => answer(true)}>
              {asked?.confirmLabel}
            </Button>
          </>
        }
      >
        {asked?.body}
      </Dialog>
    </ConfirmContext>
  );
}

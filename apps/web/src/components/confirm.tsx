import { createContext, lazy, Suspense, use, useCallback, useState, type ReactNode } from 'react';

export type Question = {
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

/** Nobody is asked anything on most visits. */
const ConfirmDialog = lazy(() => import('./confirm-dialog.tsx'));

/** Shows the questions that `useConfirm` asks. Once, in the shell. */
export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<(Question & { answer: (yes: boolean) => void }) | null>(null);
  const ask = useCallback<Ask>((question) => new Promise((resolve) => setAsked({ ...question, answer: resolve })), []);
  function answer(yes: boolean): void {
    asked?.answer(yes);
    setAsked(null);
  }
  return (
    <ConfirmContext value={ask}>
      {children}
      {asked !== null && (
        <Suspense fallback={null}>
          <ConfirmDialog question={asked} onAnswer={answer} />
        </Suspense>
      )}
    </ConfirmContext>
  );
}

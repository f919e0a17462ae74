import { useCallback, useState } from 'react';
import { flagReasons, type FlagReason } from '@granary/contract';
import { browserStorage } from '../../lib/browser-storage.ts';

export type Report = { reason: FlagReason | null; note: string };
const empty: Report = { reason: null, note: '' };

/** What is typed into a report, kept in the browser until it is sent: signing in leaves the page. */
export function useKeptReport(name: string) {
  const key = `granary-report:${name}`;
  const [report, setReport] = useState<Report>(() => read(key));
  const change = useCallback(
    (changes: Partial<Report>) =>
      setReport((before) => {
        const next = { ...before, ...changes };
        browserStorage.set(key, JSON.stringify(next));
        return next;
      }),
    [key],
  );
  const forget = useCallback(() => {
    browserStorage.set(key, null);
    setReport(empty);
  }, [key]);
  return { report, change, forget };
}

function read(key: string): Report {
  try {
    const { reason, note } = JSON.parse(browserStorage.get(key) ?? '{}') as { reason?: unknown; note?: unknown };
    return { reason: flagReasons.find((each) => each === reason) ?? null, note: typeof note === 'string' ? note : '' };
  } catch {
    return empty;
  }
}

import { useEffect, useState } from 'react';
import type { Check } from '@granary/contract';

type Texts = { instruction?: string | undefined; context?: string | undefined; response?: string | undefined; language: string };
const quietMs = 400;

/** Runs the same automatic checks as the server while somebody types, after a short pause; the rules load after the first paint. */
export function useChecks(texts: Texts): Check[] {
  const [checks, setChecks] = useState<Check[]>([]);
  const { instruction, context, response, language } = texts;
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      void import('@granary/domain').then(({ checkContribution }) => {
        if (wanted) setChecks(checkContribution({ instruction, context, response, language }));
      });
    }, quietMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [instruction, context, response, language]);
  return checks;
}

import { useState } from 'react';
import type { DraftContent } from '@granary/contract';
import { useValidation } from '../../lib/use-validation.ts';
import { toContribution, toRevision, type ContributionTask } from './contribution-content.ts';

const loadContribution = async () => (await import('@granary/contract')).contributionSchema;
const loadRevision = async () => (await import('@granary/contract')).revisionInputSchema;

/**
 * What is wrong with the form, by the server's own schema. A field is spoken of once it was left, or once somebody tried to
 * hand in; `all` lists everything at once.
 */
export function useContributionErrors(task: ContributionTask, content: DraftContent) {
  const validate = useValidation(task.kind === 'edit' ? loadRevision : loadContribution);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const all = validate(task.kind === 'edit' ? toRevision(content) : toContribution(content));
  const shown = tried ? all : Object.fromEntries(Object.entries(all).filter(([field]) => left.has(field)));
  return {
    all,
    shown,
    leave: (field: string) => setLeft((before) => (before.has(field) ? before : new Set(before).add(field))),
    showAll: () => setTried(true),
    reset: () => {
      setTried(false);
      setLeft(new Set());
    },
  };
}

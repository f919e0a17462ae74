import { useState } from 'react';
import type { DraftContent } from '@granary/contract';
import { useValidation } from '../../lib/use-validation.ts';
import { toContribution, toProposal, toRevision, type ContributionTask } from './contribution-content.ts';

const loadContribution = async () => (await import('@granary/contract')).contributionSchema;
const loadProposal = async () => (await import('@granary/contract')).proposalInputSchema;
const loadRevision = async () => (await import('@granary/contract')).revisionInputSchema;

function formOf(task: ContributionTask) {
  if (task.kind !== 'edit') return { load: loadContribution, input: toContribution };
  return task.proposed ? { load: loadProposal, input: toProposal } : { load: loadRevision, input: toRevision };
}

/**
 * What is wrong with the form, by the server's own schema. A field is spoken of once it was left, or once somebody tried to
 * hand in; `all` lists everything at once.
 */
export function useContributionErrors(task: ContributionTask, content: DraftContent) {
  const { load, input } = formOf(task);
  const validate = useValidation(load);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const all = validate(input(content));
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

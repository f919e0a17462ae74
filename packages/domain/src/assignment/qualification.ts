import type { ReviewPolicy } from '@granary/contract';

/** How many texts of an attempt have to be judged as expected when there are so many: the policy's share of them, rounded up. */
export function qualificationNeeded(policy: ReviewPolicy, items: number): number {
  const { qualification } = policy;
  return qualification === undefined ? 0 : Math.ceil((qualification.needed / qualification.items) * items);
}

/** Where an attempt stands: decided as soon as the texts that are left cannot change it. */
export function qualificationState({
  needed,
  met,
  left,
}: {
  needed: number;
  met: number;
  left: number;
}): 'under_way' | 'passed' | 'failed' {
  if (met >= needed) return 'passed';
  return met + left < needed ? 'failed' : 'under_way';
}

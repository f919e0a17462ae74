import type { Entry } from '@granary/contract';

/** Whether an instruction is answered: what waits, or was rejected, is no answer yet. */
export const hasAnswer = (children: readonly Pick<Entry, 'role' | 'status'>[]): boolean =>
  children.some(({ role, status }) => role === 'response' && status === 'approved');

import type { Check, CheckKind } from '@granary/contract';
import { ApiError } from '../../errors.ts';

const sentences: Partial<Record<CheckKind, string>> = {
  repeated_characters: 'This is one character over and over',
  repeats_instruction: 'The response only repeats the instruction',
};

/** Throws `entry_blocked`, naming each field, when a finding keeps the text out. */
export function refuseBlocked(checks: readonly Check[]): void {
  const errors = checks
    .filter((check) => check.severity === 'block')
    .map(({ kind, field }) => ({
      path: field === 'context' ? 'instruction.context.text' : `${field}.text`,
      message: sentences[kind] ?? 'This text cannot be taken',
    }));
  if (errors.length > 0) throw new ApiError('entry_blocked', errors.map((error) => error.message).join('; '), { errors });
}

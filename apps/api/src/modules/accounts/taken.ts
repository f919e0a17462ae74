import { violatedUniqueConstraint } from '@granary/db';
import { ApiError } from '../../errors.ts';

/** Names the field that somebody else uses already; any other error stays what it is. */
export function explainTaken(error: unknown): unknown {
  const constraint = violatedUniqueConstraint(error);
  if (constraint === 'users_email_key') return new ApiError('email_taken', undefined, { cause: error });
  if (constraint === 'users_display_name_key_key') return new ApiError('display_name_taken', undefined, { cause: error });
  if (constraint === 'users_display_name_skeleton_key')
    return new ApiError('display_name_taken', 'This name looks like one that somebody else uses. Choose another one.', { cause: error });
  return error;
}

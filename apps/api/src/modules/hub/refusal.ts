import { ApiError } from '../../errors.ts';

/** What the Hub's clients tell apart; they read it in a header, not in the body. */
export type MissingKind = 'RepoNotFound' | 'RevisionNotFound' | 'EntryNotFound';

/** `not_found` as the Hub says it. `commit` is the revision that has no such entry: clients remember that it has none. */
export function missingOnHub(kind: MissingKind, detail: string, commit?: string): ApiError {
  return new ApiError('not_found', detail, {
    headers: {
      'x-error-code': kind,
      // Names come from the address and may hold what a header may not.
      'x-error-message': detail.replace(/[^\x20-\x7e]/g, '?'),
      ...(commit === undefined ? {} : { 'x-repo-commit': commit }),
    },
  });
}

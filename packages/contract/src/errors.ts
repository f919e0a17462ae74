import * as z from 'zod';

/** Every error the interface can answer with: stable code → HTTP status and title. Details are written where the error is thrown. */
export const errorTable = {
  validation_failed: { status: 400, title: 'Some fields are not right' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  cursor_invalid: { status: 400, title: 'The cursor does not belong to this list' },
  not_signed_in: { status: 401, title: 'Sign in first' },
  session_expired: { status: 401, title: 'The session has expired' },
  session_revoked: { status: 401, title: 'The session was ended' },
  token_invalid: { status: 401, title: 'The access token is not valid' },
  credentials_wrong: { status: 401, title: 'E-mail and password do not match' },
  forbidden: { status: 403, title: 'This is not yours to do' },
  password_required: { status: 403, title: 'Enter your password again' },
  scope_missing: { status: 403, title: 'The access token lacks a scope' },
  account_suspended: { status: 403, title: 'The account is suspended' },
  cross_site_request: { status: 403, title: 'The request came from another site' },
  own_entry: { status: 403, title: 'Nobody reviews their own entry' },
  terms_not_accepted: { status: 403, title: "The dataset's terms are not accepted yet" },
  not_found: { status: 404, title: 'Nothing here' },
  method_not_allowed: { status: 405, title: 'That method is not offered here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  email_taken: { status: 409, title: 'There is an account with this e-mail' },
  display_name_taken: { status: 409, title: 'Somebody uses this name' },
  slug_taken: { status: 409, title: 'This short name is in use' },
  already_exists: { status: 409, title: 'This exists already' },
  status_conflict: { status: 409, title: 'The entry has moved on' },
  task_taken: { status: 409, title: 'The review seat is no longer yours' },
  undo_too_late: { status: 409, title: 'This can no longer be undone' },
  draft_conflict: { status: 409, title: 'The draft was changed elsewhere' },
  idempotency_conflict: { status: 409, title: 'The idempotency key was used for another request' },
  setup_done: { status: 409, title: 'The deployment is set up already' },
  snapshot_running: { status: 409, title: 'A snapshot of this dataset is being built' },
  import_state: { status: 409, title: 'The import is in another state' },
  backup_unavailable: { status: 409, title: 'The server cannot make a backup now' },
  version_conflict: { status: 412, title: 'It was changed in the meantime' },
  link_invalid: { status: 410, title: 'The link is used up or too old' },
  body_too_large: { status: 413, title: 'The request is too large' },
  uri_too_long: { status: 414, title: 'The address is too long' },
  media_type_unsupported: { status: 415, title: 'The content type is not supported' },
  range_unsatisfiable: { status: 416, title: 'The range lies outside the file' },
  entry_blocked: { status: 422, title: 'A check stops this entry' },
  selection_empty: { status: 422, title: 'The selection holds no pairs' },
  import_unreadable: { status: 422, title: 'The file cannot be read' },
  version_required: { status: 428, title: 'If-Match is missing' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers of the request are too large' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  timed_out: { status: 503, title: 'The request took too long' },
  storage_full: { status: 507, title: 'The server is out of disk space' },
  not_ready: { status: 503, title: 'The server is not ready' },
  database_unavailable: { status: 503, title: 'The database cannot be reached' },
  outcome_unknown: { status: 503, title: 'It is not known whether this was saved' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorTable;
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457 problem details. `errors` names the fields (JSON-pointer-like paths) of a validation failure. */
export const problemSchema = z.object({
  type: z.string().meta({ description: 'URI of the page that explains the code', examples: ['/docs/errors#validation_failed'] }),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  code: z.enum(errorCodes),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Values a client may act on, such as the current version after a conflict. */
  data: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

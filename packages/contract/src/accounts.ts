import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { limits } from './limits.ts';
import { roleSchema, scopeSchema } from './permissions.ts';
import { emailSchema, idSchema, integer, languageSchema, pageOf, pageQuery, text, timestampSchema } from './primitives.ts';
import { attributions, scopes } from './vocabulary.ts';

export const passwordSchema = text({
  min: limits.passwordMin,
  max: limits.passwordMax,
  tooShort: `Use at least ${limits.passwordMin} characters`,
}).meta({ examples: ['a long sentence is a good password'] });
export const displayNameSchema = text({ min: limits.displayNameMin, max: limits.displayNameMax, trim: true })
  .regex(/^[\p{L}\p{M}\p{N} ._'’-]+$/u, "Use letters, digits, spaces and . _ - '")
  .regex(/^\P{Default_Ignorable_Code_Point}*$/u, 'Leave out characters that cannot be seen')
  .regex(/[\p{L}\p{N}]/u, 'Use at least one letter or digit')
  .regex(/^\P{M}*(?:\P{M}\p{M}{1,4}(?!\p{M})\P{M}*)*$/u, 'Put at most four marks on a letter')
  .meta({ examples: ['Wheatear'] });
export const attributionSchema = z.enum(attributions);
const languagesSchema = z.array(languageSchema).max(20);

/** The signed-in person, as only they see themselves. */
export const meSchema = z.object({
  id: idSchema,
  email: z.string(),
  emailVerified: z.boolean(),
  displayName: z.string(),
  role: roleSchema,
  languages: z.array(z.string()),
  /** How snapshots to come name them. */
  attribution: attributionSchema,
  createdAt: timestampSchema,
  /** Per dataset, the newest version of the terms that was accepted. */
  acceptedTerms: z.array(z.object({ datasetSlug: z.string(), termsVersion: z.int() })),
});
export type Me = z.infer<typeof meSchema>;

const tokenText = text({ min: 20, max: 200 });
/** A password as it is given to be checked: whatever was once accepted. */
const givenPassword = text({ min: 1, max: limits.passwordMax });
const meExample = {
  id: '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11',
  email: 'name@example.org',
  emailVerified: false,
  displayName: 'Wheatear',
  role: 'contributor',
  languages: ['en'],
  attribution: 'pseudonym',
  createdAt: '2026-11-23T09:30:00.000Z',
  acceptedTerms: [],
};

export const sessionSchema = z.object({
  id: idSchema,
  userAgent: z.string(),
  createdAt: timestampSchema,
  lastUsedAt: timestampSchema,
  current: z.boolean(),
});
export const accessTokenSchema = z.object({
  id: idSchema,
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: timestampSchema,
  lastUsedAt: timestampSchema.nullable(),
  expiresAt: timestampSchema,
  /** The token was made without an expiry, and an upgrade gave it one. */
  expiryImposed: z.boolean(),
});
export type AccessToken = z.infer<typeof accessTokenSchema>;
export const passwordResetRequestSchema = z.object({
  id: idSchema,
  email: z.string(),
  displayName: z.string(),
  createdAt: timestampSchema,
  linkIssuedAt: timestampSchema.nullable(),
});
export type PasswordResetRequest = z.infer<typeof passwordResetRequestSchema>;

const tag = 'Accounts';
export const accountEndpoints = {
  session: defineEndpoint({
    method: 'GET',
    path: '/api/v1/session',
    tag,
    permission: 'public',
    summary: 'Who is signed in',
    description:
      'Answers with null when nobody is, and with `session_expired` when the access token is too old: then refresh, and ask again. `mailConfigured` tells whether links are sent by e-mail.',
    response: z.object({ user: meSchema.nullable(), mailConfigured: z.boolean(), setupNeeded: z.boolean() }),
    errors: ['session_expired'],
    examples: { response: { user: meExample, mailConfigured: false, setupNeeded: false } },
  }),
  setup: defineEndpoint({
    method: 'POST',
    path: '/api/v1/setup',
    tag,
    permission: 'public',
    status: 201,
    rateLimit: 'link',
    summary: 'Create the first admin with the one-time link printed at start',
    body: z.object({ token: tokenText, email: emailSchema, password: passwordSchema, displayName: displayNameSchema }),
    response: meSchema,
    errors: ['link_invalid', 'setup_done', 'email_taken', 'display_name_taken'],
  }),
  signUp: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/sign-up',
    tag,
    permission: 'public',
    status: 201,
    rateLimit: 'sign-up',
    summary: 'Create an account and sign in',
    body: z.object({
      email: emailSchema,
      password: passwordSchema,
      displayName: displayNameSchema,
      languages: languagesSchema.default([]),
    }),
    response: meSchema,
    errors: ['email_taken', 'display_name_taken'],
    examples: {
      body: { email: 'name@example.org', password: 'a long sentence is a good password', displayName: 'Wheatear', languages: ['en'] },
      response: meExample,
    },
  }),
  signIn: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/sign-in',
    smallWrite: true,
    tag,
    permission: 'public',
    rateLimit: 'sign-in',
    summary: 'Sign in',
    description:
      'Sets HttpOnly cookies: a short access token, a rotating refresh token, and one by which the account knows this browser again. After five wrong passwords for one e-mail address each further one takes longer, up to 15 minutes (`rate_limited` with `Retry-After`); browsers that the account knows are counted apart.',
    body: z.object({ email: emailSchema, password: givenPassword }),
    response: meSchema,
    errors: ['credentials_wrong', 'account_suspended', 'rate_limited'],
    examples: { body: { email: 'name@example.org', password: 'a long sentence is a good password' }, response: meExample },
  }),
  refresh: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/refresh',
    smallWrite: true,
    tag,
    permission: 'public',
    summary: 'Exchange the refresh token for new tokens',
    description: 'A refresh token works once. Using one again ends the whole session, in every place it was copied to.',
    response: z.object({ expiresAt: timestampSchema }),
    errors: ['not_signed_in', 'session_expired', 'session_revoked'],
  }),
  signOut: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/sign-out',
    smallWrite: true,
    tag,
    permission: 'public',
    status: 204,
    summary: 'End this session',
  }),
  signOutEverywhere: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/sign-out-everywhere',
    tag,
    permission: 'account:manage',
    status: 204,
    summary: 'End all sessions of the account',
  }),
  requestPasswordReset: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/password-reset',
    tag,
    permission: 'public',
    status: 202,
    rateLimit: 'link',
    summary: 'Ask for a password reset',
    description: 'Always answers the same, whether or not there is such an account. Without SMTP the request waits for an admin.',
    body: z.object({ email: emailSchema }),
    response: z.object({ delivery: z.enum(['email', 'admin']) }),
    examples: { body: { email: 'name@example.org' }, response: { delivery: 'email' } },
  }),
  completePasswordReset: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/password-reset/complete',
    tag,
    permission: 'public',
    rateLimit: 'link',
    summary: 'Set a new password with a reset link',
    description: 'Ends all sessions and access tokens of the account and signs in.',
    body: z.object({ token: tokenText, newPassword: passwordSchema }),
    response: meSchema,
    errors: ['link_invalid', 'account_suspended'],
  }),
  confirmEmail: defineEndpoint({
    method: 'POST',
    path: '/api/v1/auth/confirm-email',
    tag,
    permission: 'public',
    rateLimit: 'link',
    summary: 'Confirm a new e-mail address with the link sent to it',
    body: z.object({ token: tokenText }),
    response: z.object({ email: z.string() }),
    errors: ['link_invalid', 'email_taken'],
  }),
  updateMe: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/me',
    tag,
    permission: 'account:manage',
    rateLimit: 'write',
    summary: 'Change display name, languages or attribution',
    description: 'Snapshots that are published already keep the names that they have.',
    body: z.object({
      displayName: displayNameSchema.optional(),
      languages: languagesSchema.optional(),
      attribution: attributionSchema.optional(),
    }),
    response: meSchema,
    errors: ['display_name_taken'],
    examples: { body: { languages: ['en', 'de'] }, response: { ...meExample, languages: ['en', 'de'] } },
  }),
  changePassword: defineEndpoint({
    method: 'POST',
    path: '/api/v1/me/password',
    tag,
    permission: 'account:manage',
    status: 204,
    rateLimit: 'sign-in',
    sensitive: true,
    summary: 'Change the password',
    description: 'Ends all other sessions and, with `endAccessTokens`, all personal access tokens of the account.',
    body: z.object({
      currentPassword: givenPassword,
      newPassword: passwordSchema,
      endAccessTokens: z.boolean().default(false),
    }),
    errors: ['credentials_wrong', 'rate_limited'],
  }),
  changeEmail: defineEndpoint({
    method: 'POST',
    path: '/api/v1/me/email',
    tag,
    permission: 'account:manage',
    rateLimit: 'sign-in',
    sensitive: true,
    summary: 'Change the e-mail address',
    description: 'With SMTP the new address must be confirmed by a link first; without, it changes at once.',
    body: z.object({ password: givenPassword, newEmail: emailSchema }),
    response: z.object({ status: z.enum(['changed', 'confirmation_sent']) }),
    errors: ['credentials_wrong', 'email_taken', 'rate_limited'],
  }),
  sessions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/sessions',
    tag,
    permission: 'account:manage',
    summary: 'Browsers that are signed in',
    response: z.object({ items: z.array(sessionSchema) }),
  }),
  endSession: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/me/sessions/:id',
    tag,
    permission: 'account:manage',
    status: 204,
    summary: 'End one session',
    params: z.object({ id: idSchema }),
    errors: ['not_found'],
  }),
  accessTokens: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/tokens',
    tag,
    permission: 'account:manage',
    summary: 'Personal access tokens',
    response: z.object({ items: z.array(accessTokenSchema) }),
  }),
  createAccessToken: defineEndpoint({
    method: 'POST',
    path: '/api/v1/me/tokens',
    tag,
    permission: 'account:manage',
    status: 201,
    rateLimit: 'write',
    sensitive: true,
    summary: 'Create a personal access token',
    description:
      'The token is in this answer and never shown again. Send it as `Authorization: Bearer …`. In a session older than ten minutes `password` is needed (`password_required` without it).',
    body: z.object({
      name: text({ min: 1, max: limits.tokenNameMax, trim: true }),
      scopes: z.array(scopeSchema).min(1).max(scopes.length),
      expiresInDays: integer({ min: 1, max: limits.tokenDaysMax }).default(limits.tokenDaysDefault),
      password: givenPassword.optional(),
    }),
    response: z.object({ token: z.string(), accessToken: accessTokenSchema }),
    errors: ['password_required', 'credentials_wrong', 'rate_limited'],
    examples: { body: { name: 'import script', scopes: ['admin'], expiresInDays: 30 } },
  }),
  revokeAccessToken: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/me/tokens/:id',
    tag,
    permission: 'account:manage',
    status: 204,
    summary: 'Revoke a personal access token',
    params: z.object({ id: idSchema }),
    errors: ['not_found'],
  }),
  passwordResetRequests: defineEndpoint({
    method: 'GET',
    path: '/api/v1/password-resets',
    tag,
    permission: 'accounts:manage',
    summary: 'Open requests for a password reset',
    query: z.object(pageQuery),
    response: pageOf(passwordResetRequestSchema),
  }),
  issuePasswordResetLink: defineEndpoint({
    method: 'POST',
    path: '/api/v1/password-resets/:id/link',
    tag,
    permission: 'accounts:manage',
    status: 201,
    sensitive: true,
    summary: 'Make the link for a requested password reset',
    description: 'For deployments without SMTP: the admin hands the link over. A link made earlier stops working.',
    params: z.object({ id: idSchema }),
    response: z.object({ url: z.string(), expiresAt: timestampSchema }),
    errors: ['not_found'],
  }),
};

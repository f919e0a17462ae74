/** Names and paths of the session's cookies. */
export const cookieNames = { access: 'granary_access', refresh: 'granary_refresh' } as const;
/** The refresh token is sent to nothing but the endpoints that need it. */
export const refreshCookiePath = '/api/v1/auth';

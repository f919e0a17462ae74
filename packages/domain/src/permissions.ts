import { permissions, roles, scopes, type Access, type EntryStatus, type ReviewPolicy, type Role, type Scope } from '@granary/contract';

/** Whoever acts, as far as rules care. `scopes` is null for a browser session, which may do all its role may. */
export type Actor = { id: string; role: Role; scopes: readonly Scope[] | null };

export function roleAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

export type AccessDecision = { allowed: true } | { allowed: false; code: 'not_signed_in' | 'forbidden' | 'scope_missing' };

/** Whether the actor may call an endpoint with this permission. An access token needs the scope as well as the role. */
export function can(actor: Actor | null, access: Access): AccessDecision {
  if (access === 'public') return { allowed: true };
  if (actor === null) return { allowed: false, code: 'not_signed_in' };
  const { role, scope } = permissions[access];
  if (!roleAtLeast(actor.role, role)) return { allowed: false, code: 'forbidden' };
  if (actor.scopes !== null && (scope === null || !actor.scopes.includes(scope))) return { allowed: false, code: 'scope_missing' };
  return { allowed: true };
}

/** Scopes that an access token of this role can make use of. */
export function scopesFor(role: Role): Scope[] {
  return scopes.filter((scope) =>
    Object.values(permissions).some((permission) => permission.scope === scope && roleAtLeast(role, permission.role)),
  );
}

/** Volunteers may review where the policy opens review to all; reviewers and above always may. */
export function mayReview(actor: Pick<Actor, 'role'>, policy: Pick<ReviewPolicy, 'openReview'>): boolean {
  return policy.openReview || roleAtLeast(actor.role, 'reviewer');
}

/** Who may read an entry's text: everyone once approved; the author and reviewers before; the author and moderators after a retraction. */
export function maySeeText(actor: Pick<Actor, 'id' | 'role'> | null, entry: { status: EntryStatus; authorId: string | null }): boolean {
  if (entry.status === 'approved') return true;
  if (actor === null) return false;
  if (entry.authorId === actor.id) return true;
  return roleAtLeast(actor.role, entry.status === 'retracted' ? 'moderator' : 'reviewer');
}

/** Whether a reader may learn that an entry exists: the place of a retracted one is shown to everybody, without its text. */
export function mayKnowOf(actor: Pick<Actor, 'id' | 'role'> | null, entry: { status: EntryStatus; authorId: string | null }): boolean {
  return entry.status === 'retracted' || maySeeText(actor, entry);
}

/** A moderator's acts reach only users below their own role; an admin's reach everyone but themselves. */
export function mayModerateUser(actor: Pick<Actor, 'id' | 'role'>, target: { id: string; role: Role }): boolean {
  if (actor.id === target.id) return false;
  return actor.role === 'admin' || (actor.role === 'moderator' && !roleAtLeast(target.role, 'moderator'));
}

/** Roles are given below one's own, to users below one's own; admins give any role to anyone else. */
export function mayGiveRole(actor: Pick<Actor, 'id' | 'role'>, target: { id: string; role: Role }, role: Role): boolean {
  return mayModerateUser(actor, target) && (actor.role === 'admin' || !roleAtLeast(role, 'moderator'));
}

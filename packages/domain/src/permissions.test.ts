import { entryStatuses, permissions, roles, scopes, type Access, type EntryStatus, type Permission } from '@granary/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { can, mayGiveRole, mayModerateUser, mayReview, maySeeText, roleAtLeast, type Actor } from './permissions.ts';

const person = (role: Actor['role'], given: Actor['scopes'] = null, id = 'me'): Actor => ({ id, role, scopes: given });

describe('can', () => {
  it.each<[Access, Actor | null, string]>([
    ['public', null, 'yes'],
    ['entries:write', null, 'not_signed_in'],
    ['entries:write', person('contributor'), 'yes'],
    ['entries:write', person('contributor', ['read']), 'scope_missing'],
    ['entries:write', person('contributor', ['contribute']), 'yes'],
    ['account:manage', person('admin', [...scopes]), 'scope_missing'],
    ['account:manage', person('contributor'), 'yes'],
    ['moderation:act', person('reviewer'), 'forbidden'],
    ['moderation:act', person('moderator'), 'yes'],
    ['datasets:manage', person('moderator'), 'forbidden'],
    ['datasets:manage', person('admin', ['read']), 'scope_missing'],
    ['datasets:manage', person('admin'), 'yes'],
    // The scope of a token never makes up for the role of its owner.
    ['datasets:manage', person('contributor', ['admin']), 'forbidden'],
  ])('%s by %o: %s', (access, actor, answer) => {
    const decision = can(actor, access);
    expect(decision.allowed ? 'yes' : decision.code).toBe(answer);
  });

  it('never allows less with a higher role, nor more with a token than without', () => {
    const names = Object.keys(permissions) as Permission[];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...roles), fc.subarray([...scopes]), (access, role, given) => {
        const allowed = (who: Actor | null) => can(who, access).allowed;
        const higher = roles.filter((other) => roleAtLeast(other, role));
        expect(higher.every((other) => !allowed(person(role)) || allowed(person(other)))).toBe(true);
        expect(!allowed(person(role, given)) || allowed(person(role))).toBe(true);
        expect(allowed(null)).toBe(false);
      }),
    );
  });
});

describe('who reads a text', () => {
  const readers = {
    nobody: null,
    stranger: person('contributor'),
    author: person('contributor', null, 'author'),
    reviewer: person('reviewer'),
    moderator: person('moderator'),
  };
  it.each<[EntryStatus, (keyof typeof readers)[]]>([
    ['approved', ['nobody', 'stranger', 'author', 'reviewer', 'moderator']],
    ['in_review', ['author', 'reviewer', 'moderator']],
    ['rejected', ['author', 'reviewer', 'moderator']],
    ['changes_requested', ['author', 'reviewer', 'moderator']],
    ['retracted', ['author', 'moderator']],
  ])('%s: %o', (status, expected) => {
    const seen = Object.entries(readers).filter(([, reader]) => maySeeText(reader, { status, authorId: 'author' }));
    expect(seen.map(([name]) => name)).toEqual(expected);
  });

  it('imported rows have no author whom a stranger could be taken for', () => {
    for (const status of entryStatuses) expect(maySeeText(person('contributor'), { status, authorId: null })).toBe(status === 'approved');
  });
});

describe('acts on people', () => {
  it('reach only below, never oneself', () => {
    expect(mayModerateUser(person('moderator'), { id: 'x', role: 'reviewer' })).toBe(true);
    expect(mayModerateUser(person('moderator'), { id: 'x', role: 'moderator' })).toBe(false);
    expect(mayModerateUser(person('admin'), { id: 'x', role: 'admin' })).toBe(true);
    expect(mayModerateUser(person('admin'), { id: 'me', role: 'admin' })).toBe(false);
    expect(mayModerateUser(person('reviewer'), { id: 'x', role: 'contributor' })).toBe(false);
  });
  it('moderators give roles below their own, admins any', () => {
    expect(mayGiveRole(person('moderator'), { id: 'x', role: 'contributor' }, 'reviewer')).toBe(true);
    expect(mayGiveRole(person('moderator'), { id: 'x', role: 'contributor' }, 'moderator')).toBe(false);
    expect(mayGiveRole(person('admin'), { id: 'x', role: 'contributor' }, 'admin')).toBe(true);
  });
  it('review is open to all, or to reviewers', () => {
    expect(mayReview(person('contributor'), { openReview: true })).toBe(true);
    expect(mayReview(person('contributor'), { openReview: false })).toBe(false);
    expect(mayReview(person('reviewer'), { openReview: false })).toBe(true);
  });
});

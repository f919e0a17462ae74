import type { Role, User } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { mayGiveRole, mayModerateUser, roleAtLeast } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import { appendEvents } from '../events/log.ts';
import type { LockedUser, UserFilters, UserRepository } from './repository.ts';

export type UserService = ReturnType<typeof createUserService>;
type Moderator = { id: string };
/** Runs inside the transaction that does the work, with its answer. */
type Finish = (tx: Transaction, user: User) => Promise<void>;
type Parts = {
  db: Database;
  users: UserRepository;
  /** The key under which a display name is found. */
  displayNameKey: (name: string) => string;
  /** Ends a user's sessions and access tokens. */
  endAllAccess: (tx: Transaction, userId: string, now: Date) => Promise<void>;
  clock: () => Date;
};

export function createUserService({ db, users, displayNameKey, endAllAccess, clock }: Parts) {
  return {
    async list({ cursor, limit, q, ...filters }: UserFilters & { cursor?: string; limit: number }) {
      const after = decodeCursor(cursor, timeAndIdSchema);
      const rows = await users.list({ ...filters, q: q && displayNameKey(q) }, after, limit + 1);
      return toPage(
        rows,
        limit,
        (user) => [user.createdAt, user.id],
        (user) => user,
      );
    },

    async get(id: string): Promise<User> {
      return (await users.byId(id)) ?? Promise.reject(notFound('such user'));
    },

    /** Ends all sessions and access tokens too. Throws `not_found`, `forbidden`, `status_conflict`. */
    suspend(moderator: Moderator, id: string, reason: string, finish: Finish): Promise<User> {
      return moderate({ moderator, id, finish }, async (tx, { target }, now) => {
        if (target.status === 'suspended') throw new ApiError('status_conflict', 'The user is suspended already.');
        await users.setStatus(tx, id, 'suspended', reason);
        await endAllAccess(tx, id, now);
        await appendEvents(tx, [{ kind: 'user_suspended', actorId: moderator.id, userId: id, payload: { reason } }], now);
      });
    },

    /** Sessions and tokens stay ended. Throws `not_found`, `forbidden`, `status_conflict`. */
    reinstate(moderator: Moderator, id: string, reason: string, finish: Finish): Promise<User> {
      return moderate({ moderator, id, finish }, async (tx, { target }, now) => {
        if (target.status === 'active') throw new ApiError('status_conflict', 'The user is not suspended.');
        await users.setStatus(tx, id, 'active', null);
        await appendEvents(tx, [{ kind: 'user_reinstated', actorId: moderator.id, userId: id, payload: { reason } }], now);
      });
    },

    /** Giving the role a user has changes nothing. Throws `not_found`, `forbidden`. */
    setRole(moderator: Moderator, id: string, { role, reason }: { role: Role; reason: string }, finish: Finish): Promise<User> {
      return moderate({ moderator, id, finish }, async (tx, { actor, target }, now) => {
        if (!mayGiveRole(actor, target, role)) throw new ApiError('forbidden', 'Give roles below your own only.');
        if (target.role === role) return;
        await users.setRole(tx, id, role);
        const payload = { from: target.role, to: role, reason };
        await appendEvents(tx, [{ kind: 'role_changed', actorId: moderator.id, userId: id, payload }], now);
      });
    },
  };

  /**
   * Decides on locked rows, the moderator's own among them: of two admins who act on each other at once, the second one no
   * longer is one. So an active admin always remains, for nobody acts on themselves.
   */
  function moderate(
    { moderator, id, finish }: { moderator: Moderator; id: string; finish: Finish },
    act: (tx: Transaction, who: { actor: LockedUser; target: LockedUser }, now: Date) => Promise<void>,
  ): Promise<User> {
    return inTransaction(db, async (tx) => {
      const locked = await users.lock(tx, [moderator.id, id]);
      const actor = locked.find((user) => user.id === moderator.id);
      const target = locked.find((user) => user.id === id);
      if (target === undefined) throw notFound('such user');
      if (actor === undefined || actor.status !== 'active' || !roleAtLeast(actor.role, 'moderator')) throw new ApiError('forbidden');
      if (!mayModerateUser(actor, target)) throw new ApiError('forbidden', whyNot(actor, target));
      await act(tx, { actor, target }, clock());
      const answer = await users.byId(id, tx);
      if (answer === null) throw notFound('such user');
      await finish(tx, answer);
      return answer;
    });
  }
}

function whyNot(actor: LockedUser, target: LockedUser): string {
  return actor.id === target.id ? 'Somebody else has to do this to you.' : 'Moderators act on users below their own role.';
}

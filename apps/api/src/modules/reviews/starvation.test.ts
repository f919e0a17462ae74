import type { ReviewInput, ReviewTask } from '@granary/contract';
import { isFullRun, testDatabaseKind } from '@granary/db/testing';
import { defaultAdaptivePolicy, seededRandom } from '@granary/domain';
import { expect, it } from 'vitest';
import type { Actor } from '../../plugins/auth.ts';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

/** In a run that may take its time, more of them; on the embedded database it is the same code, only slower. */
const entries = isFullRun() && testDatabaseKind() === 'postgres' ? 1_000 : 250;
const approve: ReviewInput = { verdict: 'approve', ratings: {} };
const reject: ReviewInput = { verdict: 'reject', reason: 'low_effort', ratings: {}, keepInstruction: false };
const askForChanges: ReviewInput = { verdict: 'request_changes', note: 'Please say more.', ratings: {} };
/** Two of three see a text as it is (which its id settles), the others say anything. */
function verdictOn(entryId: string, random: () => number): ReviewInput {
  const kinds = [approve, approve, approve, reject, askForChanges] as const;
  const truth = kinds[Number.parseInt(entryId.slice(-4), 16) % kinds.length] ?? approve;
  return random() < 2 / 3 ? truth : (kinds[Math.floor(random() * kinds.length)] ?? approve);
}

it(`a quarrelsome crowd that skips, walks off and writes too leaves none of ${entries} entries behind`, { timeout: 300_000 }, async () => {
  const world = await createCommunity(defaultAdaptivePolicy);
  try {
    let now = new Date();
    const services = createServices({ ...world.deps, clock: () => now });
    const random = seededRandom(20_261_123);
    const authors: TestUser[] = [];
    for (let n = 0; n < 4; n += 1) authors.push(await world.author());
    for (let n = 0; n < entries / 2; n += 1) await world.handIn(authors[n % authors.length] as TestUser, pairOf(n));
    // Few enough people that some texts run out of them; the authors review as well.
    const crowd = [...authors];
    while (crowd.length < 14) crowd.push(await world.signIn());
    const actors = crowd.map(({ id, displayName }): Actor => ({
      id,
      displayName,
      role: 'contributor',
      scopes: null,
      via: 'session',
      sessionId: null,
    }));
    for (let idle = 0; idle < 10 * actors.length;) {
      const actor = actors[Math.floor(random() * actors.length)] as Actor;
      now = new Date(now.getTime() + 1_000);
      const task: ReviewTask | null = await services.reviews.next(actor, { dataset: 'shapes' });
      idle = task === null ? idle + 1 : 0;
      if (task === null) {
        now = new Date(now.getTime() + 10_000);
        continue;
      }
      const mood = random();
      if (mood < 0.05) continue;
      if (mood < 0.15) await services.reviews.skip(actor, task.id, mood < 0.1 ? 'not_my_field' : null);
      else await services.reviews.submit(actor, task.id, verdictOn(task.entry.id, random), async () => {});
    }
    now = new Date(now.getTime() + 4 * 86_400_000);
    while ((await services.reviews.escalateStuck()) > 0);
    const left = await world.db.prisma.entry.groupBy({ by: ['status'], where: { status: 'in_review', escalatedAt: null }, _count: true });
    expect(left).toEqual([]);
    const all = await world.db.prisma.entry.count();
    const escalated = await world.db.prisma.entry.count({ where: { escalatedAt: { not: null } } });
    expect(all).toBe(entries);
    expect(escalated).toBeLessThan(entries / 2);
  } finally {
    await world.close();
  }
});

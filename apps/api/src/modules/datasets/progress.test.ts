import type { DatasetProgress } from '@granary/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';

let world: Community;
beforeAll(async () => {
  world = await createCommunity();
});
afterAll(() => world.close());

it('each category tells how it grew, week by week, also from before the weeks that are told', async () => {
  const author = await world.author();
  const reviewer = await world.signIn('reviewer');
  const weeksAgo = [60, 5, 5, 0];
  for (const [number, weeks] of weeksAgo.entries()) {
    const { entry } = await world.handIn(author, pairOf(number));
    await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
    const approvedAt = new Date(Date.now() - weeks * 7 * 86_400_000);
    await world.db.prisma.pair.update({ where: { responseId: entry.id }, data: { approvedAt } });
  }
  const { body } = await world.anonymous.send<DatasetProgress>('GET', '/api/v1/datasets/shapes/progress');
  expect(body.weeks).toHaveLength(26);
  expect(body.weeks.every((week) => new Date(week).getUTCDay() === 1)).toBe(true);
  const approved = Object.fromEntries(body.categories.map((each) => [each.category, each.approved]));
  expect(approved['open_qa']).toEqual([...Array<number>(20).fill(1), ...Array<number>(5).fill(3), 4]);
  expect(approved['summarization']).toEqual(Array<number>(26).fill(0));
  expect((await world.anonymous.send('GET', '/api/v1/datasets/none/progress')).status).toBe(404);

  // What is approved before it is counted again does not seem to have been there for half a year.
  await world.handIn(author, pairOf(9));
  await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
  const again = await world.anonymous.send<DatasetProgress>('GET', '/api/v1/datasets/shapes/progress');
  expect(again.body.categories.find(({ category }) => category === 'open_qa')?.approved[0]).toBe(1);
});

import type { endpoints, EndpointOutput } from '@granary/contract';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';

type Contributor = EndpointOutput<typeof endpoints.contributors.get>;
let world: Community;
beforeAll(async () => void (world = await createCommunity()));
afterAll(() => world.close());

describe('get', () => {
  it('tells what somebody has given, and nothing private', async () => {
    const [author, reviewer] = [await world.author(), await world.signIn()];
    for (let n = 0; n < 2; n += 1) {
      await world.handIn(author, pairOf(n));
      const task = await world.next(reviewer);
      await world.review(reviewer, task?.id ?? '', { verdict: 'approve' });
    }
    const { body, text } = await world.anonymous.send<Contributor>('GET', `/api/v1/contributors/${author.id}`);
    expect(body).toMatchObject({
      id: author.id,
      displayName: author.displayName,
      approved: 2,
      inSnapshots: 0,
      reviews: 0,
      byCategory: [{ category: 'open_qa', approved: 2 }],
    });
    expect(text).not.toContain(author.email);
    expect((await world.anonymous.send<Contributor>('GET', `/api/v1/contributors/${reviewer.id}`)).body).toMatchObject({
      approved: 0,
      reviews: 2,
      byCategory: [],
    });
  });
  it('404 for nobody, 400 for no id', async () => {
    expect((await world.anonymous.send('GET', `/api/v1/contributors/${uuid()}`)).status).toBe(404);
    expect((await world.anonymous.send('GET', '/api/v1/contributors/me')).status).toBe(400);
  });
});

import { Prisma, queryRows } from '@granary/db';
import * as z from 'zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing.ts';
import { excerptOf } from './entry-rows.ts';

let world: TestApp;
beforeAll(async () => {
  world = await createTestApp();
});
afterAll(() => world.close());

it.each([
  ['a short text as it is', 'How is grain dried?', 'How is grain dried?'],
  ['a long one to the end of a word', `${'grain '.repeat(40)}end`, `${'grain '.repeat(26).trimEnd()}…`],
  ['one without blanks to its last character', '小麦'.repeat(100), `${'小麦'.repeat(80)}…`],
  ['one that ends where the room does', 'x'.repeat(160), 'x'.repeat(160)],
])('%s', async (_what, text, excerpt) => {
  const [row] = await queryRows(
    world.db.prisma,
    z.object({ excerpt: z.string() }),
    Prisma.sql`SELECT ${excerptOf(Prisma.sql`t.text`)} AS excerpt FROM (SELECT ${text}::text AS text) t`,
  );
  expect(row?.excerpt).toBe(excerpt);
});

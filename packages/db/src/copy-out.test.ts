import { createTestDatabase, testDatabaseKind } from './testing.ts';
import { describe, expect, test } from 'vitest';
import { copyTexts } from './copy-out.ts';

async function all(rows: AsyncIterable<string[]>): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of rows) texts.push(...batch);
  return texts;
}

describe.skipIf(testDatabaseKind() !== 'postgres')('copyTexts', () => {
  test('gives texts of any length unchanged and in order', async () => {
    const db = await createTestDatabase();
    const query = `SELECT n || ' 🌾 \\\\N ' || E'\\t"line"\\n' || repeat('ä', n * 37) FROM generate_series(1, 3000) n ORDER BY n DESC`;
    const texts = await all(copyTexts(db.url!, query));
    expect(texts).toEqual(
      Array.from({ length: 3000 }, (_, index) => 3000 - index).map((n) => `${n} 🌾 \\\\N \t"line"\n${'ä'.repeat(n * 37)}`),
    );
    expect(await all(copyTexts(db.url!, `SELECT 'x' WHERE false`))).toEqual([]);
    await db.close();
  });

  test('tells of errors, also of those that come in the middle', async () => {
    const db = await createTestDatabase();
    await expect(all(copyTexts(db.url!, 'SELECT nothing'))).rejects.toThrow('nothing');
    await expect(all(copyTexts(db.url!, `SELECT (1 / (2000 - n))::text FROM generate_series(1, 3000) n`))).rejects.toThrow('division');
    await db.close();
  });

  test('leaves nothing running when it is stopped early', async () => {
    const db = await createTestDatabase();
    for await (const batch of copyTexts(db.url!, `SELECT repeat('x', 1000) FROM generate_series(1, 100000000)`)) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    const running = async () =>
      (await db.executeSql(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'granary-copy'`))
        .rows.length;
    await expect.poll(running, { timeout: 10_000 }).toBe(0);
    await db.close();
  });
});

import { describe, expect, test } from 'vitest';
import { copyRows } from './copy-out.ts';
import { createTestDatabase, testDatabaseKind } from './testing.ts';

async function all(rows: AsyncIterable<unknown[][]>): Promise<unknown[][]> {
  const found: unknown[][] = [];
  for await (const batch of rows) found.push(...batch);
  return found;
}

describe.skipIf(testDatabaseKind() !== 'postgres')('copyRows', () => {
  test('gives texts of any length unchanged and in order', async () => {
    const db = await createTestDatabase();
    const query = `SELECT n || ' 🌾 \\\\N ' || E'\\t"line"\\n' || repeat('ä', n * 370) FROM generate_series(1, 300) n ORDER BY n DESC`;
    const rows = await all(copyRows(db.url!, query, ['text']));
    expect(rows).toEqual(
      Array.from({ length: 300 }, (_, index) => 300 - index).map((n) => [`${n} 🌾 \\\\N \t"line"\n${'ä'.repeat(n * 370)}`]),
    );
    expect(await all(copyRows(db.url!, `SELECT 'x' WHERE false`, ['text']))).toEqual([]);
    await db.close();
  });

  test('gives values of every kind, and null', async () => {
    const db = await createTestDatabase();
    const query = `SELECT * FROM (VALUES
      ('018cc25a-312e-700b-8000-0000000000ff'::uuid, 'naïve'::text, (-2147483648)::int, 0.1::float8, '2026-03-01 10:00:00.07+02'::timestamptz(3), '[{"a": 1}]'::json, '{"b": [true]}'::jsonb, ARRAY['ä', '', 'NULL']::text[]),
      ('018cc25a-312e-700b-8000-0000000000ff'::uuid, 'naive'::text, 7, 1e300::float8, '1999-12-31 23:59:59.999Z'::timestamptz(3), '[]'::json, '{}'::jsonb, ARRAY[]::text[]),
      ('ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid, 'naive'::text, 0, -0.5::float8, '2000-01-01 00:00:00Z'::timestamptz(3), '{}'::json, '[]'::jsonb, ARRAY['one']),
      (NULL, '', NULL, NULL, NULL, NULL, NULL, NULL)) v`;
    const rows = await all(copyRows(db.url!, query, ['uuid', 'text', 'integer', 'number', 'time', 'json', 'jsonb', 'texts']));
    expect(rows).toEqual([
      [
        '018cc25a-312e-700b-8000-0000000000ff',
        'naïve',
        -2147483648,
        0.1,
        '2026-03-01T08:00:00.070Z',
        [{ a: 1 }],
        { b: [true] },
        ['ä', '', 'NULL'],
      ],
      ['018cc25a-312e-700b-8000-0000000000ff', 'naive', 7, 1e300, '1999-12-31T23:59:59.999Z', [], {}, []],
      ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'naive', 0, -0.5, '2000-01-01T00:00:00.000Z', {}, [], ['one']],
      [null, '', null, null, null, null, null, null],
    ]);
    await db.close();
  });

  test('tells of errors, also of those that come in the middle', async () => {
    const db = await createTestDatabase();
    await expect(all(copyRows(db.url!, 'SELECT nothing', ['text']))).rejects.toThrow('nothing');
    await expect(all(copyRows(db.url!, `SELECT (1 / (2000 - n))::text FROM generate_series(1, 3000) n`, ['text']))).rejects.toThrow(
      'division',
    );
    await db.close();
  });

  test('leaves nothing running when it is stopped early', async () => {
    const db = await createTestDatabase();
    for await (const batch of copyRows(db.url!, `SELECT repeat('x', 1000) FROM generate_series(1, 100000000)`, ['text'])) {
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

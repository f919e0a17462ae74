import { migrate } from '@granary/db';
import { createTestDatabase } from '@granary/db/testing';
import { readFileSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';

const folder = new URL('../../../../../prisma/migrations/', import.meta.url);
const migrations = readdirSync(folder)
  .filter((name) => /^\d{4}_/.test(name))
  .toSorted()
  .map((name) => {
    const sql = readFileSync(new URL(`${name}/migration.sql`, folder), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });

it('an upgrade gives tokens without an expiry a year, ends sessions 90 days after their sign-in, and keeps names and drafts', async () => {
  const before = migrations.findIndex(({ name }) => name.startsWith('0018'));
  const db = await createTestDatabase({ migrations: migrations.slice(0, before) });
  try {
    const [user, dataset] = [crypto.randomUUID(), crypto.randomUUID()];
    await db.executeSql(
      `INSERT INTO users (id, email, password_hash, display_name, display_name_key) VALUES ('${user}', 'a@example.org', '', 'Old', 'old')`,
    );
    for (const [name, end] of [
      ['endless', 'NULL'],
      ['short', "now() + interval '3 days'"],
    ])
      await db.executeSql(
        `INSERT INTO access_tokens (id, user_id, name, token_hash, prefix, scopes, expires_at) VALUES (gen_random_uuid(), '${user}', '${name}', '${name}', 'grn_', '{read}', ${end})`,
      );
    for (const [name, days] of [
      ['old', 100],
      ['middle', 70],
      ['young', 1],
    ])
      await db.executeSql(
        `INSERT INTO sessions (id, user_id, current_token_hash, created_at, expires_at) VALUES (gen_random_uuid(), '${user}', '${name}', now() - interval '${days} days', now() + interval '30 days')`,
      );
    await db.executeSql(
      `INSERT INTO datasets (id, slug, title, description, licence, guidelines, terms, languages, dimensions, policy)
       VALUES ('${dataset}', 'old', 'Old', '', 'CC0-1.0', '', '', '{en}', '[]', '{}')`,
    );
    await db.executeSql(
      `INSERT INTO drafts (id, user_id, dataset_id, content, version) VALUES (gen_random_uuid(), '${user}', '${dataset}', '{}', 1)`,
    );
    await migrate(db);
    const tokens = await db.executeSql(
      `SELECT name, expiry_imposed AS imposed, round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM access_tokens ORDER BY name`,
    );
    expect(tokens.rows).toEqual([
      { name: 'endless', imposed: true, days: 365 },
      { name: 'short', imposed: false, days: 3 },
    ]);
    const sessions = await db.executeSql(
      `SELECT current_token_hash AS name, round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM sessions ORDER BY name`,
    );
    expect(sessions.rows).toEqual([
      { name: 'middle', days: 20 },
      { name: 'old', days: -10 },
      { name: 'young', days: 30 },
    ]);
    const kept = await db.executeSql('SELECT display_name, display_name_skeleton FROM users');
    expect(kept.rows).toEqual([{ display_name: 'Old', display_name_skeleton: null }]);
    expect((await db.executeSql('SELECT 1 FROM drafts')).rows).toHaveLength(1);
  } finally {
    await db.close();
  }
});

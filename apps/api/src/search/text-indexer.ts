import { setImmediate as letOthersRun } from 'node:timers/promises';
import { Prisma, queryRows, type Database } from '@granary/db';
import * as z from 'zod';
import { vectorOf } from './text-vector.ts';

const revisionSchema = z.object({
  id: z.string(),
  entry_id: z.string(),
  language: z.string(),
  text: z.string(),
  context: z.string().nullable(),
});
const batchSize = 100;

/**
 * Gives words to texts that have none: those from before an upgrade, and what other programs have inserted. Newest first, in small
 * pieces, until all have theirs; resolves to how many texts that were. Any number of processes may call it at once, and it may be
 * killed at any time: a text gets the same words from everyone.
 */
export function createTextIndexer({ db }: { db: Database }) {
  return async function indexTexts(): Promise<number> {
    let done = 0;
    for (let batch = await withoutWords(db); batch.length > 0; batch = await withoutWords(db)) {
      const words: string[] = [];
      for (const revision of batch) {
        words.push(vectorOf(revision));
        await letOthersRun();
      }
      await giveWords(db, batch, words);
      done += batch.length;
    }
    while ((await completePairs(db)) > 0);
    return done;
  };
}

const withoutWords = (db: Database) =>
  queryRows(
    db.prisma,
    revisionSchema,
    Prisma.sql`
      SELECT v.id::text, v.entry_id::text, e.language, v.text, v.context FROM revisions v JOIN entries e ON e.id = v.entry_id
      WHERE v.words IS NULL ORDER BY v.id DESC LIMIT ${batchSize}::int`,
  );

async function giveWords(db: Database, batch: readonly z.output<typeof revisionSchema>[], words: readonly string[]): Promise<void> {
  const ids = batch.map(({ id }) => id);
  const entryIds = batch.map(({ entry_id: id }) => id);
  await db.prisma.$executeRaw`
    UPDATE revisions v SET words = n.words::tsvector FROM unnest(${ids}::uuid[], ${[...words]}::text[]) AS n(id, words)
    WHERE v.id = n.id AND v.words IS NULL`;
  await db.prisma.$executeRaw`${wordsOfPairs(Prisma.sql`
    SELECT response_id FROM pairs WHERE response_id = ANY(${entryIds}::uuid[]) UNION SELECT response_id FROM pairs WHERE instruction_id = ANY(${entryIds}::uuid[])`)}`;
}

/** Pairs that were written while their texts got words. */
const completePairs = (db: Database) =>
  db.prisma.$executeRaw`${wordsOfPairs(Prisma.sql`
    SELECT p.response_id FROM pairs p JOIN entries r ON r.id = p.response_id JOIN revisions rv ON rv.id = r.current_revision_id
    JOIN entries i ON i.id = p.instruction_id JOIN revisions iv ON iv.id = i.current_revision_id
    WHERE p.words IS NULL AND rv.words IS NOT NULL AND iv.words IS NOT NULL LIMIT ${batchSize}::int`)}`;

const wordsOfPairs = (responseIds: Prisma.Sql) => Prisma.sql`
  UPDATE pairs p SET words = iv.words || rv.words
  FROM (${responseIds}) wanted JOIN entries r ON r.id = wanted.response_id JOIN revisions rv ON rv.id = r.current_revision_id
  JOIN entries i ON i.id = r.parent_id JOIN revisions iv ON iv.id = i.current_revision_id
  WHERE p.response_id = wanted.response_id AND p.words IS NULL AND iv.words || rv.words IS NOT NULL`;

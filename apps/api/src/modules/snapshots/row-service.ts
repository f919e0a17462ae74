import { createHash } from 'node:crypto';
import type { EndpointRequest, endpoints, Flag, FlagReason, Page, SnapshotRow } from '@granary/contract';
import type { Transaction } from '@granary/db';
import * as z from 'zod';
import { notFound } from '../../errors.ts';
import { decodeCursor, encodeCursor } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { parseSearch } from '../../search/query.ts';
import type { PublishedSnapshot, RowKey, RowOrder, RowQuery, RowRepository } from './row-repository.ts';

type Parts = {
  rows: RowRepository;
  /** Opens a moderation case about what a snapshot has published. */
  flagPublished: (
    actor: Actor,
    published: { entryId: string; revisionId: string; snapshot: { id: string; number: number } },
    report: Report,
    finish: Finish,
  ) => Promise<Flag>;
};
type Report = { reason: FlagReason; note?: string | undefined };
/** Runs inside the transaction that does the work, with its answer. */
type Finish = (tx: Transaction, flag: Flag) => Promise<void>;
type Query = EndpointRequest<typeof endpoints.snapshotRows.list>['query'];
export type RowService = ReturnType<typeof createRowService>;

/** Rows that one page goes through, so that no answer takes long at a million rows: beyond, it comes short and says where to go on. */
const walkAtMost = { filters: 100_000, sample: 1_000, wordsNear: 400, wordsFar: 4_000 };
/** Texts with the words that are looked up one by one; more frequent words are soon found along the way. */
const hitsAtMost = 5_000;
const fileCursor = z.tuple([z.uuid(), z.uuid()]);
const sampleCursor = z.tuple([z.int().min(0).max(1), z.guid()]);

/** What readers see of a published snapshot, row by row. Throws ApiError. */
export function createRowService({ rows, flagPublished }: Parts) {
  return {
    /** Throws `not_found`, `cursor_invalid`. */
    async list(slug: string, number: number, { q, seed, cursor, limit, ...filter }: Query): Promise<Page<SnapshotRow>> {
      const order = orderOf(seed, cursor);
      const snapshot = await published(slug, number);
      const search = q === undefined || q === '' ? null : parseSearch(q, filter.language.length > 0 ? filter.language : snapshot.languages);
      // Nothing that was asked for is a word.
      if (q !== undefined && q !== '' && search === null) return { items: [], nextCursor: null };
      const { keys, next } = await pageOf({ snapshot, filter, search, order }, limit);
      return { items: keys.length === 0 ? [] : await rows.rows(snapshot.id, keys), nextCursor: next === null ? null : encodeCursor(next) };
    },

    async get(slug: string, number: number, id: string): Promise<SnapshotRow> {
      const { revision_id: _, ...row } = await require(await published(slug, number), id);
      return row;
    },

    /** Throws `not_found` when no published snapshot of the dataset holds the row. */
    async find(slug: string, id: string): Promise<{ id: string; snapshots: number[] }> {
      const snapshots = await rows.holding(slug, id);
      if (snapshots.length === 0) throw notFound(`row ${id} in any published snapshot of ${slug}`);
      return { id, snapshots };
    },

    /** Throws `not_found`, `already_exists` while an earlier report of theirs is open. */
    async report(
      actor: Actor,
      slug: string,
      number: number,
      id: string,
      { body, finish }: { body: Report; finish: Finish },
    ): Promise<Flag> {
      const snapshot = await published(slug, number);
      const row = await require(snapshot, id);
      return flagPublished(actor, { entryId: row.id, revisionId: row.revision_id, snapshot }, body, finish);
    },
  };

  async function published(slug: string, number: number): Promise<PublishedSnapshot> {
    const snapshot = await rows.published(slug, number);
    if (snapshot === null) throw notFound(`published snapshot ${number} of ${slug}`);
    return snapshot;
  }

  async function require(snapshot: PublishedSnapshot, id: string) {
    const row = await rows.get(snapshot.id, id);
    if (row === null) throw notFound(`row ${id} in snapshot ${snapshot.number}`);
    return row;
  }

  /** Frequent words have a page of hits near by; of rare ones the index has few. The same as browsing does, see decision 8. */
  async function pageOf(query: RowQuery, limit: number): Promise<{ keys: RowKey[]; next: RowKey['at'] | null }> {
    const { search, order } = query;
    const enough = (keys: RowKey[]) => keys.length > limit;
    if (search === null) {
      const walk = order.kind === 'file' ? walkAtMost.filters : walkAtMost.sample;
      return cut(query, await rows.walk(query, walk, limit + 1), limit, walk);
    }
    const near = await rows.walk(query, walkAtMost.wordsNear, limit + 1);
    if (enough(near)) return cut(query, near, limit, walkAtMost.wordsNear);
    const { index } = search;
    const hits = index === null ? null : await rows.search({ ...query, search: { ...search, index } }, hitsAtMost, limit + 1);
    if (hits !== null) return cut(query, hits, limit, null);
    return cut(query, await rows.walk(query, walkAtMost.wordsFar, limit + 1), limit, walkAtMost.wordsFar);
  }

  /** A page out of one key more than it holds. `walk`: how far was looked, null when everywhere. */
  async function cut(
    query: RowQuery,
    keys: RowKey[],
    limit: number,
    walk: number | null,
  ): Promise<{ keys: RowKey[]; next: RowKey['at'] | null }> {
    const page = keys.slice(0, limit);
    if (keys.length > limit) return { keys: page, next: page.at(-1)?.at ?? null };
    return { keys: page, next: walk === null ? null : await rows.walkEnd(query, walk) };
  }
}

function orderOf(seed: number | undefined, cursor: string | undefined): RowOrder {
  if (seed === undefined) return { kind: 'file', after: decodeCursor(cursor, fileCursor) };
  const hex = createHash('sha256').update(`sample ${seed}`).digest('hex');
  const start = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  return { kind: 'sample', start, after: decodeCursor(cursor, sampleCursor) };
}

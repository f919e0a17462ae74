import * as z from 'zod';
import { decodeCursor, toPage } from '../../http/cursors.ts';
import type { EventFilters, EventRepository } from './repository.ts';

export type EventService = ReturnType<typeof createEventService>;

const cursorKeySchema = z.tuple([z.int().positive()]);

export function createEventService({ events }: { events: EventRepository }) {
  return {
    /** The log, newest first. */
    async list({ cursor, limit, ...filters }: EventFilters & { cursor?: string; limit: number }) {
      const below = decodeCursor(cursor, cursorKeySchema)?.[0] ?? null;
      const rows = await events.list(filters, below, limit + 1);
      return toPage(
        rows,
        limit,
        (event) => [event.position],
        (event) => event,
      );
    },
  };
}

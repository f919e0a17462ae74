import type { EventRecord } from '@granary/contract';
import { expect, test } from 'vitest';
import { groupEvents } from './group-events.ts';

let position = 0;
const event = (entryId: string, fields: Partial<EventRecord> = {}): EventRecord => ({
  position: (position += 1),
  at: '2026-11-23T09:30:00.000Z',
  kind: 'entry_approved',
  actor: null,
  datasetSlug: 'shapes',
  entryId,
  entryStatus: 'approved',
  reviewedWithId: null,
  revisionId: null,
  user: null,
  payload: {},
  ...fields,
});
const shown = (events: EventRecord[]) => groupEvents(events).map(({ event: { entryId }, instruction }) => [entryId, instruction?.entryId]);

test('one act on a pair is one line, whichever part comes first; two acts, and two pairs, stay two', () => {
  const instruction = { reviewedWithId: 'response' };
  expect(shown([event('response'), event('instruction', instruction)])).toEqual([['response', 'instruction']]);
  expect(shown([event('instruction', instruction), event('response')])).toEqual([['response', 'instruction']]);
  expect(shown([event('response'), event('instruction', { ...instruction, at: '2026-11-23T09:31:00.000Z' })])).toHaveLength(2);
  expect(shown([event('response'), event('instruction', { ...instruction, kind: 'entry_rejected' })])).toHaveLength(2);
  expect(shown([event('response'), event('another', { reviewedWithId: 'elsewhere' })])).toHaveLength(2);
  expect(shown([event('one'), event('other')])).toHaveLength(2);
});

import type { EventRecord } from '@granary/contract';

/** What happened once, with the event of the instruction where it happened to both parts of a pair. */
export type GroupedEvent = { event: EventRecord; instruction: EventRecord | null };

/** Both parts of a pair are submitted, reviewed and decided in one act, which the log holds as two events next to each other. */
export function groupEvents(events: readonly EventRecord[]): GroupedEvent[] {
  const groups: GroupedEvent[] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last !== undefined && last.instruction === null && isOneAct(last.event, event)) {
      const [response, instruction] = event.reviewedWithId === last.event.entryId ? [last.event, event] : [event, last.event];
      groups[groups.length - 1] = { event: response, instruction };
    } else groups.push({ event, instruction: null });
  }
  return groups;
}

function isOneAct(a: EventRecord, b: EventRecord): boolean {
  const parts =
    (a.reviewedWithId !== null && a.reviewedWithId === b.entryId) || (b.reviewedWithId !== null && b.reviewedWithId === a.entryId);
  return parts && a.at === b.at && a.kind === b.kind && a.actor?.id === b.actor?.id;
}

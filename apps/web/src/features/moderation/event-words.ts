import { entryStatuses, flagReasons, rejectReasons, roles, verdicts, type EventRecord } from '@granary/contract';
import type { Translate } from '../../lib/i18n/i18n.ts';
import { oneOf } from './use-filters.ts';

/** Payloads are open by design: each kind of event has its own, and those written long ago stay as they were. */
function text({ payload }: EventRecord, name: string): string | undefined {
  const value = payload[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
function number({ payload }: EventRecord, name: string): number | undefined {
  const value = payload[name];
  return typeof value === 'number' ? value : undefined;
}

/** Why, in words: a moderator's own, or those of the reason that was chosen and the note to it; empty where nobody said why. */
export function whyOf(t: Translate, event: EventRecord): string {
  // That reviewers disagree is nobody's act; its payload is that of the last review, which has a line of its own.
  if (event.kind === 'entry_escalated') return '';
  return [reasonOf(t, event), text(event, 'note')].filter(Boolean).join(' ');
}

function reasonOf(t: Translate, event: EventRecord): string | null {
  const reason = text(event, 'reason') ?? text(event, 'error');
  if (reason === undefined) return null;
  const flagged = event.kind === 'flag_opened' ? oneOf(flagReasons, reason) : undefined;
  if (flagged !== undefined) return t(`vocabulary.flagReason.${flagged}`);
  const rejected = oneOf(rejectReasons, reason);
  return rejected === undefined ? reason : t(`vocabulary.rejectReason.${rejected}`);
}

/** What the name of the event leaves open: from what to what, which verdict, how many. */
export function detailsOf(t: Translate, event: EventRecord): string | null {
  switch (event.kind) {
    case 'entry_reviewed': {
      const verdict = oneOf(verdicts, text(event, 'verdict'));
      return verdict === undefined ? null : t(`vocabulary.verdict.${verdict}`);
    }
    case 'entry_retracted':
    case 'entry_restored': {
      const [from, to] = [oneOf(entryStatuses, text(event, 'from')), oneOf(entryStatuses, text(event, 'to'))];
      return from && to ? t('moderation.log.change', { from: t(`vocabulary.status.${from}`), to: t(`vocabulary.status.${to}`) }) : null;
    }
    case 'role_changed': {
      const [from, to] = [oneOf(roles, text(event, 'from')), oneOf(roles, text(event, 'to'))];
      return from && to ? t('moderation.log.change', { from: t(`moderation.role.${from}`), to: t(`moderation.role.${to}`) }) : null;
    }
    case 'dataset_changed':
      return text(event, 'category') ?? null;
    case 'snapshot_requested':
    case 'snapshot_published': {
      const n = number(event, 'pairs');
      return n === undefined ? null : t('moderation.log.pairs', { n });
    }
    case 'webhook_added':
    case 'webhook_changed':
    case 'webhook_removed':
      return text(event, 'host') ?? null;
    case 'import_finished': {
      const [added, duplicates, bad] = ['added', 'duplicates', 'bad'].map((name) => number(event, name) ?? 0);
      return t('moderation.log.imported', { added, duplicates, bad });
    }
    default:
      return null;
  }
}

/** The number of the snapshot that the event is about. */
export function snapshotOf(event: EventRecord): number | null {
  return event.kind.startsWith('snapshot_') ? (number(event, 'number') ?? null) : null;
}

/** The import that the event is about, with the name of its file where it is known. */
export function fileOf(event: EventRecord): { importId: string; name: string | undefined } | null {
  const importId = event.kind.startsWith('import_') ? text(event, 'importId') : undefined;
  return importId === undefined ? null : { importId, name: text(event, 'fileName') };
}

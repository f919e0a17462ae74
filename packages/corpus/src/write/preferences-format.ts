import { preferenceRecordSchema } from '@granary/contract';
import type { PreferenceRecord } from '@granary/contract';
import type { SnapshotFormat } from './snapshot-format.ts';

/**
 * Pairs of responses to one instruction that people compared: the stronger one chosen, the other rejected. Two that came out alike are
 * left out: they prefer nothing.
 */
export const preferencesFormat: SnapshotFormat = {
  name: 'preferences',
  fileName: 'preferences.jsonl.gz',
  mediaType: 'application/gzip',
  configName: 'preferences',
  description: 'responses to one instruction that people compared, the better one chosen',
  schema: preferenceRecordSchema,
  columns: {
    id: 'Ids of the chosen and the rejected response, joined by a colon.',
    instruction_id: 'Id of the instruction.',
    turn: '1 for a first instruction, 2 for a follow-up, and so on.',
    parent_response_id: 'The response that a follow-up continues; null for a first turn.',
    instruction: 'What is asked.',
    context: 'A passage the responses rest on; empty when there is none.',
    chosen: 'The response that is preferred.',
    rejected: 'The other one.',
    chosen_id: 'Id of the chosen response.',
    rejected_id: 'Id of the rejected response.',
    margin:
      'Difference of their log-strengths (Bradley-Terry with ties, from all comparisons of the alternatives), above 0; e^margin is how many times more often the chosen one is preferred.',
    margin_error: 'Standard error of the margin.',
    comparisons: 'How often these two were compared with each other.',
    ties: 'How often they were found alike.',
    both_bad: 'How often both were found bad.',
    category: 'Slug of the task type.',
    language: 'BCP 47 language code.',
  } satisfies Record<keyof PreferenceRecord, string>,
  rows: ({ preferences, ...record }) =>
    preferences.map(({ rejected, rejected_id, margin, margin_error, comparisons, ties, both_bad }): PreferenceRecord => ({
      id: `${record.id}:${rejected_id}`,
      instruction_id: record.instruction_id,
      turn: record.turn,
      parent_response_id: record.parent_response_id,
      instruction: record.instruction,
      context: record.context,
      chosen: record.response,
      rejected,
      chosen_id: record.id,
      rejected_id,
      margin,
      margin_error,
      comparisons,
      ties,
      both_bad,
      category: record.category,
      language: record.language,
    })),
};

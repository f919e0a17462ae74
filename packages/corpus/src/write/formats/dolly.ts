import { dollyRecordSchema } from '@granary/contract';
import type { DollyRecord } from '@granary/contract';
import * as z from 'zod';
import { defineFormat } from '../snapshot-format.ts';

/**
 * The columns of databricks-dolly-15k and nothing else. It has no column for what was said before, so follow-up turns,
 * which mean nothing without that, are in the full record only.
 */
export const dollyFormat = defineFormat({
  name: 'dolly',
  title: 'Dolly',
  description: 'the four columns of databricks-dolly-15k; first turns of conversations only',
  schema: dollyRecordSchema,
  columns: {
    instruction: 'What is asked.',
    context: 'A passage the response rests on; empty when there is none.',
    response: 'The answer.',
    category: 'Slug of the task type.',
  } satisfies Record<keyof DollyRecord, string>,
  tabular: true,
  stored: true,
  options: z.object({}),
  open: () => ({ rows: ({ pairs }, wanted) => pairs.filter((pair) => pair.turn === 1 && wanted(pair)) }),
});

import * as z from 'zod';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({ instruction: z.string(), input: z.string(), output: z.string() });

/** The columns of Stanford Alpaca and nothing else: like Dolly's they have no place for what was said before. */
export const alpacaFormat = defineFormat({
  name: 'alpaca',
  title: 'Alpaca',
  description: 'the three columns of Stanford Alpaca; first turns of conversations only',
  schema,
  columns: {
    instruction: 'What is asked.',
    input: 'A passage the response rests on; empty when there is none.',
    output: 'The answer.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: true,
  options: z.object({}),
  open: () => ({
    *rows({ pairs }, wanted) {
      for (const pair of pairs)
        if (pair.turn === 1 && wanted(pair)) yield { instruction: pair.instruction, input: pair.context, output: pair.response };
    },
  }),
});

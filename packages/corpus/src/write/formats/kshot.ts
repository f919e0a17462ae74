import { createRequire } from 'node:module';
import { integerInAddress, type SnapshotRecord } from '@granary/contract';
import * as z from 'zod';
import { userText } from '../chat.ts';
import { createSample, drawKey } from '../seeded-sample.ts';
import { defineFormat } from '../snapshot-format.ts';
import type { RowMaker } from '../snapshot-format.ts';

const schema = z.object({ id: z.string(), text: z.string(), pair_ids: z.array(z.string()), tokens: z.int() });
const options = z.object({
  k: integerInAddress({ min: 1, max: 100 }).default(5).describe('Pairs in a transcript.'),
  seed: integerInAddress({ min: 0 }).default(0).describe('Draws other pairs.'),
  transcripts: integerInAddress({ min: 1, max: 100 }).default(1).describe('How many transcripts; none shares a pair with another.'),
  max_tokens: integerInAddress({ min: 16, max: 32_768 })
    .default(2048)
    .describe('What a transcript may be long at most, in tokens of `cl100k_base`; every pair has the same share of it.'),
});

/**
 * Transcripts of k first turns, drawn by a seed, to put before a question to a model that was never taught to answer. Everything is a
 * sample of the pairs that fit, and what is kept for it is bounded by transcripts × `max_tokens`, however many pairs pass by.
 */
export const kshotFormat = defineFormat({
  name: 'kshot',
  title: 'k-shot transcripts',
  description: 'transcripts “Human: … AI: …” of k pairs drawn by a seed, to prompt a raw model with',
  schema,
  columns: {
    id: 'k, seed and number of the transcript.',
    text: 'The transcript: pairs of `Human: …` and `AI: …`, each pair ended by a blank line, so that a question can follow at once.',
    pair_ids: 'Ids of the responses in it, in order.',
    tokens: 'Length of the text in tokens of `cl100k_base`.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: false,
  options,
  open: openTranscripts,
});

type Shot = { id: string; text: string; tokens: number };

function openTranscripts({ k, seed, transcripts, max_tokens }: z.output<typeof options>): RowMaker {
  const sample = createSample<Shot>(k * transcripts);
  const share = Math.floor(max_tokens / k);
  return {
    /** Of alternatives and of what else the conversation holds, one pair at most is drawn: none is to give an answer away. */
    rows({ pairs }, wanted) {
      const candidates = pairs
        .filter((pair) => pair.turn === 1 && wanted(pair))
        .map((pair) => ({ key: drawKey(seed, pair.id), pair }))
        .sort((one, other) => (one.key < other.key ? -1 : 1));
      for (const { key, pair } of candidates) {
        if (!sample.hasRoomFor(key)) break;
        const shot = shotOf(pair, share);
        if (shot === null) continue;
        sample.add(key, shot);
        break;
      }
      return [];
    },
    *end() {
      const shots = sample.items();
      for (let number = 1; number * k <= shots.length; number += 1) {
        const drawn = shots.slice((number - 1) * k, number * k);
        yield {
          id: `k${k}-seed${seed}-${number}`,
          text: drawn.map(({ text }) => text).join(''),
          pair_ids: drawn.map(({ id }) => id),
          tokens: drawn.reduce((sum, { tokens }) => sum + tokens, 0),
        };
      }
    },
  };
}

/** A line that begins as if the other one spoke would end the turn for whoever reads the transcript. */
const speaker = /^(?:Human|AI):/m;

/** The pair as it stands in a transcript; null when it does not fit into its share, or would be misread there. */
function shotOf(pair: SnapshotRecord, maxTokens: number): Shot | null {
  const question = userText(pair);
  if (speaker.test(question) || speaker.test(pair.response)) return null;
  // Tokens never reach over a line end into a letter, so that those of the parts add up to those of the whole.
  const text = `Human: ${question}\nAI: ${pair.response}\n\n`;
  const tokens = tokenizer().isWithinTokenLimit(text, maxTokens, plainText);
  return tokens === false ? null : { id: pair.id, text, tokens };
}

/** What looks like a control token (`<|endoftext|>`) is text like any other here. */
const plainText = { disallowedSpecial: new Set<string>() };
const load = createRequire(import.meta.url);
/** Only where transcripts are made: the vocabulary takes 0.1 s and 45 MB. */
function tokenizer() {
  return load('gpt-tokenizer/encoding/cl100k_base') as typeof import('gpt-tokenizer/encoding/cl100k_base');
}

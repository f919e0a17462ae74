import { reviewInputSchema, type ContributionInput, type ReviewInput } from '@granary/contract';

/** The demo dataset says in every place what it is. */
export const demoDataset = {
  slug: 'demo',
  isDemo: true,
  title: 'Demo: rows to try things on',
  description:
    'A demonstration, not a corpus: real rows of two public datasets and a few of our own, in every state an entry can be in. Do as you like here.',
  licence: 'CC-BY-SA-4.0',
  languages: ['en', 'de'],
};

/** Who plays in the demo; each name says so. */
export const demoUsers = {
  writer: { email: 'writer@demo.example', displayName: 'Demo writer 1', role: 'contributor' },
  reader: { email: 'reader@demo.example', displayName: 'Demo reader 1', role: 'reviewer' },
  moderator: { email: 'moderator@demo.example', displayName: 'Demo moderator 1', role: 'moderator' },
} as const;

const review = (input: object): ReviewInput => reviewInputSchema.parse(input);

/** Reviews that differ from plain approval, by id of the row or by the instruction. All of them are true of what they are about. */
const reviews: Record<string, ReviewInput> = {
  seed_task_106: review({
    verdict: 'reject',
    reason: 'incorrect',
    note: 'This is the position after 1. e4 c5 2. Nf3, a common opening. There is nothing to solve in it.',
    keepInstruction: true,
  }),
  seed_task_39: review({
    verdict: 'reject',
    reason: 'incorrect',
    note: '"English", "British" and "German" are adjectives, not countries, and Britain and the United Kingdom are counted twice.',
    keepInstruction: true,
  }),
  seed_task_123: review({
    verdict: 'reject',
    reason: 'copied',
    note: 'The task asks for a proverb that is made up. This one is an old saying with another vehicle in it.',
  }),
  seed_task_84: review({ verdict: 'reject', reason: 'low_effort', note: 'The best-known joke there is. Nobody learns anything from it.' }),
  seed_task_4: review({
    verdict: 'request_changes',
    note: 'Spelling: "Invitition" should be "Invitation". Otherwise it is what was asked for.',
  }),
  seed_task_80: review({ verdict: 'request_changes', note: 'A list was asked for: put each question on a line of its own.' }),
  seed_task_102: review({
    verdict: 'request_changes',
    note: 'Three examples without a reason. Say of one of them why it is out of the reach of science, or only not yet explained.',
  }),
  train_75: review({ verdict: 'request_changes', note: 'The question gives its prices in pounds, the answer in dollars.' }),
  'How long does an egg have to boil?': review({
    verdict: 'request_changes',
    note: 'For a soft or a hard egg, and counted from when? Give both, and say for which size.',
  }),
  'Which is the highest mountain of Africa?': review({
    verdict: 'reject',
    reason: 'incorrect',
    note: 'Mount Kenya is the second highest; Kilimanjaro is about 700 metres higher. The question is a good one.',
    keepInstruction: true,
  }),
};

/** Rows that stay in review, for the visitor to decide. */
export const undecidedRows: ReadonlySet<string> = new Set(
  [10, 12, 21, 22, 29, 40, 45, 52, 73, 85, 107, 116, 137, 147, 155, 163]
    .map((number) => `seed_task_${number}`)
    .concat('train_37', 'train_58'),
);

/** What the demo's reader says: the review written for it, else an approval with ratings that vary from row to row. */
export function reviewFor(name: string, index: number): ReviewInput {
  const rating = (shift: number) => 3 + ((index * 7 + shift * 3) % 3);
  return reviews[name] ?? review({ verdict: 'approve', ratings: { helpfulness: rating(0), accuracy: rating(1), clarity: rating(2) } });
}

const pair = (category: string, language: string, instruction: string, response: string): ContributionInput => ({
  kind: 'pair',
  category,
  language,
  instruction: { text: instruction },
  response: { text: response },
});

/** Written for the demo by its writer, and reviewed. */
export const decidedContributions: ContributionInput[] = [
  pair(
    'open_qa',
    'en',
    'Why does ice float on water?',
    'Because ice is less dense than liquid water. When water freezes, its molecules settle into an open lattice that takes up about nine per cent more room, so the same volume weighs less. Most substances do the opposite and shrink when they become solid.',
  ),
  pair(
    'brainstorming',
    'de',
    'Nenne drei Dinge, die man an einem verregneten Nachmittag ohne Bildschirm tun kann.',
    '1. Die Schublade mit den alten Fotos ordnen und auf die Rückseiten schreiben, wer darauf ist.\n2. Ein Brot backen, dessen Teig zwei Stunden gehen muss, und in dieser Zeit lesen.\n3. Eine Postkarte an jemanden schreiben, von dem man lange nichts gehört hat.',
  ),
  pair('general_qa', 'en', 'How long does an egg have to boil?', 'Six minutes.'),
  pair('open_qa', 'en', 'Which is the highest mountain of Africa?', 'The highest mountain of Africa is Mount Kenya.'),
  {
    kind: 'instruction',
    category: 'open_qa',
    language: 'en',
    instruction: { text: 'What is the difference between a granary and a silo, and when is which of the two the better choice?' },
  },
];

/** Handed in last: waits for its review. */
export const waitingContributions: ContributionInput[] = [
  pair(
    'creative_writing',
    'en',
    'Write two rhyming lines in which a kettle complains about its work.',
    'All day I sit, then sing until I scream,\nand all they ever take from me is steam.',
  ),
];
